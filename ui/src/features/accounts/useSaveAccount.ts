import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Account, AccountWrite } from '#/shared/api/types';
import { notifyDone, notifyError } from '#/shared/parts/notify';
import { accountsQuery } from '#/shared/requests/accounts';
import { changeAccount } from './changeAccount';

/** Saves a part of an account and lays the answer onto the list. */
export function useSaveAccount(accountId: string) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: AccountWrite) => changeAccount(accountId, change),
    onSuccess: (changed: Account) => {
      queries.setQueryData(accountsQuery.queryKey, (old) => old?.map((each) => (each.id === accountId ? { ...each, ...changed } : each)));
      void queries.invalidateQueries({ queryKey: ['accounts'] });
      void queries.invalidateQueries({ queryKey: ['syncStatus', accountId] });
      notifyDone(t('general.saved'));
    },
    onError: (error) => notifyError(error),
  });
}
