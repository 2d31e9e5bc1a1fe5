import { del, post, put } from '#/shared/api/client';
import type { CustomValues, EmailAddress } from '#/shared/api/types';

/** Custom values have keys that no description declares. */
export type ContactWrite = { name: string; title: string; emails: EmailAddress[]; phones: { phone: string; type: string }[]; urls: { url: string; type: string }[] } & CustomValues;
export const saveContact = (leadId: string, contactId: string | undefined, contact: ContactWrite) =>
  (contactId ? put('/contact/{contact_id}/', { at: { contact_id: contactId }, body: contact }) : post('/contact/', { body: { lead_id: leadId, ...contact } }));
export const deleteContact = (contactId: string) => del('/contact/{contact_id}/', { at: { contact_id: contactId } });
