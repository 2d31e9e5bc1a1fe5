import { queryOptions } from '@tanstack/react-query';
import { get } from '#/shared/api/client';
import type { InboxTask, Page } from '#/shared/api/types';

/** One Inbox item wherever it is now: a shared or reloaded address may name one that has left the list. */
export const taskQuery = (taskId: string) => queryOptions({
  queryKey: ['task', taskId],
  queryFn: async ({ signal }) => (await get('/task/', { query: { id__in: taskId, _type: 'incoming_email', _limit: 1 }, signal }) as Page<InboxTask>).data[0] ?? null,
  staleTime: 0,
});
