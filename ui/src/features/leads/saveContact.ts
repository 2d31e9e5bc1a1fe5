import { del, post, put } from '#/shared/api/client';
import type { EmailAddress } from '#/shared/api/types';

export type ContactWrite = { name: string; title: string; emails: EmailAddress[] };
export const saveContact = (leadId: string, contactId: string | undefined, contact: ContactWrite) =>
  (contactId ? put('/contact/{contact_id}/', { at: { contact_id: contactId }, body: contact }) : post('/contact/', { body: { lead_id: leadId, ...contact } }));
export const deleteContact = (contactId: string) => del('/contact/{contact_id}/', { at: { contact_id: contactId } });
