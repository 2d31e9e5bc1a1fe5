import { post } from '#/shared/api/client';

export type NewLead = { name: string; contacts: { name: string; title: string; emails: { email: string; type: string }[] }[] };
export const createLead = (lead: NewLead) => post('/lead/', { body: lead });
