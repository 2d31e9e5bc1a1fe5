import { queryOptions } from '@tanstack/react-query';
import { get } from '#/shared/api/client';
import type { EmailThread } from '#/shared/api/types';

/** A conversation with its emails, without their bodies. */
export const threadQuery = (threadId: string) => queryOptions({
  queryKey: ['thread', threadId],
  queryFn: ({ signal }) => get('/activity/emailthread/{thread_id}/', { at: { thread_id: threadId }, signal }) as Promise<EmailThread>,
  staleTime: 60_000,
});
