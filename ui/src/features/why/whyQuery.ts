import { queryOptions } from '@tanstack/react-query';
import { get } from '#/shared/api/client';

/** Asks the ledger about a Message-ID, an address or a subject. */
export const whyQuery = (question: string) => queryOptions({
  queryKey: ['why', question],
  queryFn: ({ signal }) => get('/why/', { query: { q: question }, signal }),
  enabled: question !== '',
});
