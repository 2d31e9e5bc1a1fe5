import { queryOptions } from '@tanstack/react-query';
import { get } from '#/shared/api/client';
import type { SyncStatus } from '#/shared/api/types';

const WHILE_IMPORTING_MS = 3000;

/** How far an account's mailbox is read. Asked again every few seconds while its history is still coming in. */
export const syncStatusQuery = (accountId: string) => queryOptions({
  queryKey: ['syncStatus', accountId],
  queryFn: ({ signal }) => get('/connected_account/{account_id}/sync_status/', { at: { account_id: accountId }, signal }) as Promise<SyncStatus>,
  refetchInterval: (query) => (query.state.data?.state === 'first_sync' ? WHILE_IMPORTING_MS : false),
  staleTime: 2000,
});
