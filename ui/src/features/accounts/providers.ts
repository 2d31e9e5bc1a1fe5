import { queryOptions } from '@tanstack/react-query';
import { get } from '#/shared/api/client';
import type { Page, Provider } from '#/shared/api/types';

export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: async ({ signal }) => {
    const answer = await get<Provider[] | Page<Provider>>('/connected_account/providers/', { signal });
    return Array.isArray(answer) ? answer : answer.data;
  },
  staleTime: Infinity,
});
