import { post } from '#/shared/api/client';
import type { Lead } from '#/shared/api/types';

export type NewLead = { name: string; contacts: { name: string; title: string; emails: { email: string; type: string }[] }[] };
export const createLead = (lead: NewLead) => post<Lead>('/lead/', lead);
