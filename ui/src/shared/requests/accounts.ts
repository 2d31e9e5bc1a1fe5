import { queryOptions } from '@tanstack/react-query';
import { get } from '#/shared/api/client';
import type { Account } from '#/shared/api/types';

export const accountsQuery = queryOptions({
  queryKey: ['accounts'],
  queryFn: async ({ signal }) => (await get('/connected_account/', { signal })).data as Account[],
});
