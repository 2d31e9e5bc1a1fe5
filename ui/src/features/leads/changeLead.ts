import { del, put } from '#/shared/api/client';

export const changeLead = (leadId: string, change: { name?: string; status_id?: string }) => 
  put('/lead/{lead_id}/', { at: { lead_id: leadId }, body: change });
export const deleteLead = (leadId: string) => del('/lead/{lead_id}/', { at: { lead_id: leadId } });
