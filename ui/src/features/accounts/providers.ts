import { queryOptions } from '@tanstack/react-query';
import { get } from '#/shared/api/client';
import type { Provider } from '#/shared/api/types';

export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: ({ signal }) => get('/connected_account/providers/', { signal }) as Promise<Provider[]>,
  staleTime: Infinity,
});
