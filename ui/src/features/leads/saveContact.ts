import { del, post, put } from '#/shared/api/client';
import type { Contact, EmailAddress } from '#/shared/api/types';

export type ContactWrite = { name: string; title: string; emails: EmailAddress[] };
export const saveContact = (leadId: string, contactId: string | undefined, contact: ContactWrite) =>
  (contactId ? put<Contact>(`/contact/${contactId}/`, contact) : post<Contact>('/contact/', { lead_id: leadId, ...contact }));
export const deleteContact = (contactId: string) => del(`/contact/${contactId}/`);
