import { useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Account } from '#/shared/api/types';
import { printAddress, type Address } from '#/shared/mail/addresses';
import { troubleWords } from '#/shared/mail/trouble';
import { accountsQuery } from '#/shared/requests/accounts';
import { useUser } from '#/shared/requests/authState';
import { sendAsQuery } from '#/shared/requests/sendAs';

export type Sender = { key: string; accountId: string; address: Address; label: string; isBroken: boolean; problem: string };

const sendersOf = (account: Account, t: TFunction): Sender[] => [{ email: account.email, name: account.display_name }, ...account.identities]
  .filter((own, index, all) => all.findIndex((each) => each.email === own.email) === index)
  .map((own) => {
    const address = { email: own.email, name: own.name || account.display_name };
    return { key: `${account.id} ${own.email}`, accountId: account.id, address, label: printAddress(address).replace(/^"(.*)" </, '$1 <'), isBroken: account.send_status === 'error', problem: troubleWords(t, account.send_remedy, account.send_error) };
  });

/** Everything this person may send as: the default account first, coworkers' that are lent last. */
export function useSenders(): { senders: Sender[]; isLoaded: boolean } {
  const { t } = useTranslation();
  const me = useUser();
  const { data } = useQuery(accountsQuery);
  const { data: lent = [] } = useQuery(sendAsQuery);
  const isMine = (account: Account) => account.user_id === me.id || account.user_id === null;
  const isLent = (account: Account) => lent.some((each) => each.allowed_user_id === me.id && each.allowing_user_id === account.user_id);
  const usable = (data ?? []).filter((account) => account.is_active && account.send_enabled && (isMine(account) || isLent(account)));
  return { senders: usable.toSorted((a, b) => Number(isMine(b)) - Number(isMine(a)) || Number(b.is_default) - Number(a.is_default)).flatMap((account) => sendersOf(account, t)), isLoaded: data !== undefined };
}
