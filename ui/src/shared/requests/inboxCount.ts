import { queryOptions } from '@tanstack/react-query';
import { get } from '#/shared/api/client';

/** How much waits in one's own Inbox; the server counts up to a thousand. */
export const inboxCountQuery = queryOptions({
  queryKey: ['inboxCount'],
  queryFn: async ({ signal }) => (await get('/task/count/', { signal })).open,
});
