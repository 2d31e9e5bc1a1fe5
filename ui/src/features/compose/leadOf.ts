import { get, post } from '#/shared/api/client';
import { sameAddress, type Address } from '#/shared/mail/addresses';

/** The lead that has one of these people as a contact. */
export async function findLeadOf(people: Address[]): Promise<string | null> {
  for (const { email } of people) {
    const { data } = await get('/lead/', { query: { query: email, _limit: 5, _fields: 'id,contacts' } });
    const lead = data.find((each) => each.contacts.some((contact) => contact.emails.some((own) => sameAddress(own.email, email))));
    if (lead) return lead.id;
  }
  return null;
}

/** Every email stands on a lead: somebody new becomes a contact, and the contact's own lead. */
export async function makeLeadOf({ email, name }: Address): Promise<string> {
  const contact = await post('/contact/', { body: { name: name || email, emails: [{ email, type: 'office' }] } });
  return contact.lead_id;
}
