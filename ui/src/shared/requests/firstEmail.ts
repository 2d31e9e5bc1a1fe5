import { queryOptions } from '@tanstack/react-query';
import { get } from '#/shared/api/client';

const ASK_AGAIN_MS = 3000;

/** Any email on any lead: who has just begun waits for the first one. */
export const firstEmailQuery = queryOptions({
  queryKey: ['firstEmail'],
  queryFn: async ({ signal }) => (await get('/activity/email/', { query: { _limit: 1, _fields: 'id,lead_id' } as never, signal })).data[0] ?? null,
  refetchInterval: (query) => (query.state.data ? false : ASK_AGAIN_MS),
});
