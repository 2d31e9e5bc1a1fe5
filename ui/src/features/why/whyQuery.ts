import { queryOptions } from '@tanstack/react-query';
import { get } from '#/shared/api/client';
import type { WhyAnswer } from '#/shared/api/types';

/** Asks the ledger about a Message-ID, an address or a subject. */
export const whyQuery = (question: string) => queryOptions({
  queryKey: ['why', question],
  queryFn: ({ signal }) => get<WhyAnswer>('/why/', { query: { q: question }, signal }),
  enabled: question !== '',
});
