import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { get } from '#/shared/api/client';
import type { Page, SyncError, SyncRun } from '#/shared/api/types';

const PAGE = 20;
export const syncHistoryQuery = (accountId: string) => infiniteQueryOptions({
  queryKey: ['syncHistory', accountId],
  initialPageParam: 0,
  queryFn: ({ pageParam, signal }) => get<Page<SyncRun>>(`/connected_account/${accountId}/sync_history/`, { query: { _skip: pageParam, _limit: PAGE }, signal }),
  getNextPageParam: (last, pages) => (last.has_more ? pages.length * PAGE : undefined),
});
export const syncErrorsQuery = (accountId: string) => queryOptions({
  queryKey: ['syncErrors', accountId],
  queryFn: async ({ signal }) => (await get<{ data: SyncError[] }>(`/connected_account/${accountId}/sync_errors/`, { signal })).data,
});
