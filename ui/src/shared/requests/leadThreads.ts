import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { get } from '#/shared/api/client';
import type { EmailThread, Page, TimelineEntry } from '#/shared/api/types';

const PAGE = 25;
const readThreads = (leadId: string, skip: number, limit: number, signal: AbortSignal) =>
  get('/activity/emailthread/', { query: { lead_id: leadId, _skip: skip, _limit: limit }, signal }) as Promise<Page<EmailThread>>;

/** The latest few conversations of a lead. */
export const leadThreadsQuery = (leadId: string, limit: number) => queryOptions({
  queryKey: ['timeline', leadId, limit],
  queryFn: ({ signal }) => readThreads(leadId, 0, limit, signal),
});

/** Everything that happened with a lead, or what is of these kinds; newest first, a page at a time; a conversation is one line. */
export const timelineQuery = (leadId: string, kinds = '') => infiniteQueryOptions({
  queryKey: kinds ? ['timeline', leadId, kinds] : ['timeline', leadId],
  initialPageParam: 0,
  queryFn: ({ pageParam, signal }) => get('/activity/', { query: { lead_id: leadId, thread_emails: 'only', ...(kinds ? { _type__in: kinds } : {}), _order_by: '-activity_at', _skip: String(pageParam), _limit: String(PAGE) }, signal }) as Promise<unknown> as Promise<Page<TimelineEntry>>,
  getNextPageParam: (last, pages) => (last.has_more ? pages.length * PAGE : undefined),
});
