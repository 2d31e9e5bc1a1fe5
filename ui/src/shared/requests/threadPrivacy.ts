/** Who sees a conversation, and who has read it. */
import { queryOptions } from '@tanstack/react-query';
import { get, put } from '#/shared/api/client';

export const privacyQuery = (threadId: string) => queryOptions({
  queryKey: ['threadPrivacy', threadId],
  gcTime: 0, // a form begins with what holds now
  queryFn: ({ signal }) => get('/activity/emailthread/{thread_id}/privacy/', { at: { thread_id: threadId }, signal }),
});

export const readersQuery = (threadId: string) => queryOptions({
  queryKey: ['threadReaders', threadId],
  queryFn: async ({ signal }) => (await get('/activity/emailthread/{thread_id}/readers/', { at: { thread_id: threadId }, signal })).data,
});

export const savePrivacy = (threadId: string, isPrivate: boolean, readerIds: string[]) =>
  put('/activity/emailthread/{thread_id}/privacy/', { at: { thread_id: threadId }, body: { is_private: isPrivate, reader_ids: readerIds } });
