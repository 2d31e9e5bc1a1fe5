import { queryOptions } from '@tanstack/react-query';
import { get } from '#/shared/api/client';
import type { AuthState } from '#/shared/api/types';

/** Who is signed in, and whether this installation still waits for its first user. */
export const authStateQuery = queryOptions({
  queryKey: ['auth'],
  queryFn: ({ signal }) => get<AuthState>('/auth/state/', { signal }),
  staleTime: 5 * 60_000,
});
