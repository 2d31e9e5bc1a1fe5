import { del, post, put } from '#/shared/api/client';
import type { CustomValues, Lead } from '#/shared/api/types';

export type OpportunityWrite = { status_id: string; value: number | null; value_period: string; confidence: number; note: string; date_won: string | null } & CustomValues;
export type CallWrite = { note: string; direction: 'outbound' | 'inbound'; duration: number };

export const saveOpportunity = (leadId: string, id: string | undefined, written: OpportunityWrite) =>
  (id ? put('/opportunity/{opportunity_id}/', { at: { opportunity_id: id }, body: written }) : post('/opportunity/', { body: { lead_id: leadId, ...written } }));
export const deleteOpportunity = (id: string) => del('/opportunity/{opportunity_id}/', { at: { opportunity_id: id } });

/** Custom values have keys that no description declares. */
export const changeValues = (leadId: string, values: CustomValues) => put('/lead/{lead_id}/', { at: { lead_id: leadId }, body: values as object }) as Promise<Lead>;

export const writeNote = (leadId: string, note: string) => post('/activity/note/', { body: { lead_id: leadId, note } });
export const changeNote = (id: string, note: string) => put('/activity/note/{note_id}/', { at: { note_id: id }, body: { note } });
export const deleteNote = (id: string) => del('/activity/note/{note_id}/', { at: { note_id: id } });
export const logCall = (leadId: string, call: CallWrite) => post('/activity/call/', { body: { lead_id: leadId, ...call } });
export const deleteCall = (id: string) => del('/activity/call/{call_id}/', { at: { call_id: id } });

export const mergeLead = (source: string, destination: string) => post('/lead/merge/', { body: { source, destination } });
