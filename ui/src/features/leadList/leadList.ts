import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { get } from '#/shared/api/client';

const PAGE = 100;
export const LIST_FIELDS = 'id,display_name,name,status_id,status_label,contacts,date_created,date_updated,last_activity_date,num_emails';

/** Leads that a query finds; all of them without one. */
export const leadListQuery = (words: string) => infiniteQueryOptions({
  queryKey: ['leads', words],
  initialPageParam: 0,
  queryFn: ({ pageParam, signal }) => get('/lead/', { query: { query: words, _skip: pageParam, _limit: PAGE, _fields: LIST_FIELDS }, signal }),
  getNextPageParam: (last, pages) => (last.has_more ? pages.length * PAGE : undefined),
});

/** How many a query finds; of very many an estimate. */
export const leadCountQuery = (words: string) => queryOptions({
  queryKey: ['leads', 'count', words],
  queryFn: async ({ signal }) => {
    const { total_results: total, total_is_estimate: isEstimate } = await get('/lead/', { query: { query: words, _limit: 0 }, signal });
    return { total, isEstimate: isEstimate === true };
  },
  staleTime: 60_000, retry: false,
});
