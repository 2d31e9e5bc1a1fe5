import { queryOptions } from '@tanstack/react-query';
import { get } from '#/shared/api/client';
import type { User } from '#/shared/api/types';

export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: async ({ signal }) => (await get('/user/', { signal })).data,
  staleTime: 10 * 60_000,
});
export const userName = (user: Pick<User, 'email' | 'first_name' | 'last_name'>) => `${user.first_name} ${user.last_name}`.trim() || user.email;
