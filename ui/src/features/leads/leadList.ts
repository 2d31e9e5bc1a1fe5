import { infiniteQueryOptions } from '@tanstack/react-query';
import { get } from '#/shared/api/client';

const PAGE = 100;
const FIELDS = 'id,display_name,name,status_label,contacts,date_created,date_updated,last_activity_date';

/** Leads that fit the words; all of them without words. */
export const leadListQuery = (words: string) => infiniteQueryOptions({
  queryKey: ['leads', words],
  initialPageParam: 0,
  queryFn: ({ pageParam, signal }) => get('/lead/', { query: { query: words, _skip: pageParam, _limit: PAGE, _fields: FIELDS }, signal }),
  getNextPageParam: (last, pages) => (last.has_more ? pages.length * PAGE : undefined),
});
