/** What is wrong with an account, and what has not left with it. */
import { queryOptions } from '@tanstack/react-query';
import { get, post } from '#/shared/api/client';

const at = (accountId: string) => ({ account_id: accountId });
export type Side = 'receive' | 'send';

export const diagnosisQuery = (accountId: string) => queryOptions({
  queryKey: ['diagnosis', accountId],
  queryFn: ({ signal }) => get('/connected_account/{account_id}/diagnosis/', { at: at(accountId), signal }),
});
export const writingsQuery = (accountId: string) => queryOptions({
  queryKey: ['writings', accountId],
  queryFn: ({ signal }) => get('/connected_account/{account_id}/writings/', { at: at(accountId), signal }),
});
export const testSaved = (accountId: string) => post('/connected_account/{account_id}/test/', { at: at(accountId) });
export const reconnectAccount = (accountId: string) => post('/connected_account/{account_id}/reconnect/', { at: at(accountId) });
export const makeAdminLink = (accountId: string, side: Side) => post('/connected_account/{account_id}/admin_link/', { at: at(accountId), body: { side } });
export const moveWritings = (accountId: string, toAccountId: string) => post('/connected_account/{account_id}/move_writings/', { at: at(accountId), body: { to_account_id: toAccountId } });
