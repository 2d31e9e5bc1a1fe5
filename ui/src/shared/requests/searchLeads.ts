import { queryOptions } from '@tanstack/react-query';
import { get } from '#/shared/api/client';

/** The few leads that best fit what is being typed: for completing recipients and for the palette. */
export const searchLeadsQuery = (words: string) => queryOptions({
  queryKey: ['leadSearch', words],
  queryFn: ({ signal }) => get('/lead/', { query: { query: words, _limit: 8, _fields: 'id,display_name,contacts' }, signal }),
  enabled: words.length > 0,
  staleTime: 60_000,
});
