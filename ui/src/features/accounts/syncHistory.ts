import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { get } from '#/shared/api/client';
import type { Page, SyncRun } from '#/shared/api/types';

const PAGE = 20;
export const syncHistoryQuery = (accountId: string) => infiniteQueryOptions({
  queryKey: ['syncHistory', accountId],
  initialPageParam: 0,
  queryFn: ({ pageParam, signal }) => get('/connected_account/{account_id}/sync_history/', { at: { account_id: accountId }, query: { _skip: pageParam, _limit: PAGE }, signal }) as Promise<Page<SyncRun>>,
  getNextPageParam: (last, pages) => (last.has_more ? pages.length * PAGE : undefined),
});
export const syncErrorsQuery = (accountId: string) => queryOptions({
  queryKey: ['syncErrors', accountId],
  queryFn: async ({ signal }) => (await get('/connected_account/{account_id}/sync_errors/', { at: { account_id: accountId }, signal })).data,
});
