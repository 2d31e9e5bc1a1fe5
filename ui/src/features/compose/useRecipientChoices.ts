import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Address } from '#/shared/mail/addresses';
import { searchLeadsQuery } from '#/shared/requests/searchLeads';

export type Choice = { key: string; address: Address; leadId: string; leadName: string };
const MOST = 7;

/** Contacts whose name or address fits what is typed, without those already there. */
export function useRecipientChoices(typed: string, taken: Address[]): Choice[] {
  const [words] = useDebouncedValue(typed, 120);
  const { data } = useQuery({ ...searchLeadsQuery(words), placeholderData: keepPreviousData });
  return useMemo(() => {
    const has = new Set(taken.map(({ email }) => email.toLowerCase()));
    const all = (data?.data ?? []).flatMap((lead) => lead.contacts.flatMap((contact) => contact.emails.map(({ email }) => ({
      key: `${lead.id} ${email}`, address: { email, name: contact.name ?? '' }, leadId: lead.id, leadName: lead.display_name,
    }))));
    const fits = ({ address, leadName }: Choice) => `${address.name} ${address.email} ${leadName}`.toLowerCase().includes(typed.toLowerCase());
    return all.filter((choice) => fits(choice) && !has.has(choice.address.email.toLowerCase())).slice(0, MOST);
  }, [data, taken, typed]);
}
