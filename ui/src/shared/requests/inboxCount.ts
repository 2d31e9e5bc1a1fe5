import { queryOptions } from '@tanstack/react-query';
import { get } from '#/shared/api/client';

/** How much waits in one's own Inbox, and how many tasks are due by tonight; the server counts each up to a thousand. */
export const inboxCountQuery = queryOptions({
  queryKey: ['inboxCount'],
  queryFn: ({ signal }) => get('/task/count/', { signal }),
});
