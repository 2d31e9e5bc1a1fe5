import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { get } from '#/shared/api/client';
import type { SignedInUser } from '#/shared/api/types';

/** Who is signed in, and whether this installation still waits for its first user. */
export const authStateQuery = queryOptions({
  queryKey: ['auth'],
  queryFn: ({ signal }) => get('/auth/state/', { signal }),
  staleTime: 5 * 60_000,
});

/** The signed-in person; only called below the route that makes sure there is one. */
export function useUser(): SignedInUser {
  const { data } = useSuspenseQuery(authStateQuery);
  if (!data.user) throw new Error('rendered without a signed-in user');
  return data.user;
}
