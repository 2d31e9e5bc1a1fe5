/** What colleagues say to each other about something on a lead. */
import { queryOptions } from '@tanstack/react-query';
import { del, get, post, put } from '#/shared/api/client';
import type { Comment } from '#/shared/api/types';

/** The comments on one thing, oldest first. */
export const commentsQuery = (objectId: string) => queryOptions({
  queryKey: ['comments', objectId],
  queryFn: async ({ signal }) => (await get('/comment/', { query: { object_id: objectId, _limit: '200' } as never, signal })).data,
});

/** Which of these have comments, asked for all at once. */
export const commentedQuery = (leadId: string, ids: string[]) => queryOptions({
  queryKey: ['comments', 'of', leadId, ids],
  queryFn: async ({ signal }) => {
    const { data } = await get('/comment_thread/', { query: { object_ids: ids.join(','), _limit: '200' } as never, signal });
    return Object.fromEntries(data.map((thread) => [thread.object_id, thread.comment_count]));
  },
  enabled: ids.length > 0,
});

export const addComment = (objectId: string, text: string) => post('/comment/', { body: { object_id: objectId, body: htmlOf(text) } });
export const changeComment = (id: string, text: string) => put('/comment/{comment_id}/', { at: { comment_id: id }, body: { body: htmlOf(text), object_id: '' } });
export const removeComment = (id: string) => del('/comment/{comment_id}/', { at: { comment_id: id } });

/** What was typed, as the HTML that comments are kept in. */
export function htmlOf(text: string): string {
  const safe = text.trim().replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return safe.split(/\n\s*\n/).map((block) => `<p>${block.replaceAll('\n', '<br>')}</p>`).join('');
}

/** The words of a comment, whichever program wrote it. A parsed document runs nothing and loads nothing. */
export function textOf(comment: Pick<Comment, 'body'>): string {
  const { body } = new DOMParser().parseFromString((comment.body ?? '').replaceAll(/<br\s*\/?>/g, '\n').replaceAll(/<\/p>\s*<p>/g, '\n\n'), 'text/html');
  return body.textContent.trim();
}
