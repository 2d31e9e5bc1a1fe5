/** The one home of server data in the page. */
import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './errors';

const isWorthRetrying = (count: number, error: Error) => count < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 30_000, gcTime: 10 * 60_000, retry: isWorthRetrying, refetchOnWindowFocus: true },
    // Offline a change fails at once and visibly. TanStack's default would hold it back, and lose it with a reload.
    mutations: { retry: false, networkMode: 'always' },
  },
});
