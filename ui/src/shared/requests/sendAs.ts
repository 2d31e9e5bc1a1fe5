/** Users who let others send from their accounts. */
import { queryOptions } from '@tanstack/react-query';
import { get, post } from '#/shared/api/client';

export const sendAsQuery = queryOptions({
  queryKey: ['sendAs'],
  queryFn: async ({ signal }) => {
    const [mine, toMe] = await Promise.all([get('/send_as/', { signal }), get('/send_as/', { signal, query: { allowed_user_id: 'me' } })]);
    return [...mine.data, ...toMe.data];
  },
});

export const changeSendAs = (allow: string[], disallow: string[]) =>
  post('/send_as/bulk/', { body: { allowed_user_ids: allow, disallowed_user_ids: disallow } });
