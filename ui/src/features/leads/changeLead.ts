import { del, put } from '#/shared/api/client';
import type { Lead } from '#/shared/api/types';

export const changeLead = (leadId: string, change: { name?: string; status_id?: string }) => put<Lead>(`/lead/${leadId}/`, change);
export const deleteLead = (leadId: string) => del(`/lead/${leadId}/`);
