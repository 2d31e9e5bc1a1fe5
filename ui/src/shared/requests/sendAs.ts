/** Users who let others send from their accounts. */
import { queryOptions } from '@tanstack/react-query';
import { get, post } from '#/shared/api/client';

export const sendAsQuery = queryOptions({
  queryKey: ['sendAs'],
  queryFn: async ({ signal }) => (await get('/send_as/', { signal })).data,
});

export const changeSendAs = (allow: string[], disallow: string[]) => post('/send_as/bulk/', { body: { allow, disallow } });
