import { queryOptions } from '@tanstack/react-query';
import { get } from '#/shared/api/client';
import type { Provider } from '#/shared/api/types';

export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: ({ signal }) => get('/connected_account/providers/', { signal }) as Promise<Provider[]>,
  staleTime: Infinity,
});

const FIRST_OFFERED = 8;
/** Companies keep their mail here under domains of their own. */
const BEHIND_OTHER_DOMAINS = ['google', 'microsoft'];

/** Whom to offer: the usual ones, or those that fit a name, or the one an address belongs to. */
export function offered(providers: Provider[], words: string): Provider[] {
  const named = providers.filter((provider) => provider.key !== 'custom');
  const [, domain] = words.trim().toLowerCase().split('@');
  if (domain) {
    const own = named.filter((provider) => provider.domains.some((each) => each.startsWith(domain)));
    return own.length ? own : named.filter((provider) => BEHIND_OTHER_DOMAINS.includes(provider.key));
  }
  if (!words.trim() || words.includes('@')) return named.slice(0, FIRST_OFFERED);
  return named.filter((provider) => [provider.name, ...provider.domains].some((each) => each.toLowerCase().includes(words.trim().toLowerCase())));
}
