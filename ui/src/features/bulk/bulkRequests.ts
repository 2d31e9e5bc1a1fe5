import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { get, post } from '#/shared/api/client';
import type { BulkEmail, BulkEmailWrite } from '#/shared/api/types';

const PAGE = 50;
const RECIPIENTS = 100;
/** Beside the live events, for the speed, which changes without any. */
const AGAIN_MS = 5000;

export const bulkListQuery = infiniteQueryOptions({
  queryKey: ['bulkList'],
  initialPageParam: 0,
  queryFn: ({ pageParam, signal }) => get('/bulk_action/email/', { query: { _skip: pageParam, _limit: PAGE }, signal }),
  getNextPageParam: (last, pages) => (last.has_more ? pages.length * PAGE : undefined),
});

export const bulkQuery = (bulkId: string) => queryOptions({
  queryKey: ['bulk', bulkId],
  queryFn: async ({ signal }) => (await get('/bulk_action/email/{bulk_id}/', { at: { bulk_id: bulkId }, signal })) as BulkEmail,
});

export const outlookQuery = (bulkId: string, isMoving: boolean) => queryOptions({
  queryKey: ['bulk', bulkId, 'outlook'],
  queryFn: ({ signal }) => get('/bulk_action/email/{bulk_id}/outlook/', { at: { bulk_id: bulkId }, signal }),
  refetchInterval: isMoving ? AGAIN_MS : false,
});

export const gapsQuery = (bulkId: string) => queryOptions({
  queryKey: ['bulkGaps', bulkId],
  queryFn: ({ signal }) => get('/bulk_action/email/{bulk_id}/gap/', { at: { bulk_id: bulkId }, signal }),
});

export const lookQuery = (bulkId: string, number: number) => queryOptions({
  queryKey: ['bulkLook', bulkId, number],
  queryFn: ({ signal }) => get('/bulk_action/email/{bulk_id}/render/{number}/', { at: { bulk_id: bulkId, number: String(number) }, signal }),
  retry: false,
});

export type Asked = { state?: string; reason?: string };

export const recipientsQuery = (bulkId: string, { state, reason }: Asked) => infiniteQueryOptions({
  queryKey: ['bulk', bulkId, 'recipients', state ?? '', reason ?? ''],
  initialPageParam: 0,
  queryFn: ({ pageParam, signal }) => get('/bulk_action/email/{bulk_id}/recipient/', {
    at: { bulk_id: bulkId }, query: { ...(state ? { state__in: state } : {}), ...(reason ? { reason__in: reason } : {}), _skip: pageParam, _limit: RECIPIENTS }, signal,
  }),
  getNextPageParam: (last, pages) => (last.has_more ? pages.length * RECIPIENTS : undefined),
});

export const viewsQuery = queryOptions({
  queryKey: ['smartViews'],
  queryFn: async ({ signal }) => (await get('/saved_search/', { query: { _limit: 200 }, signal })).data,
});

export const draftBulk = (body: BulkEmailWrite) => post('/bulk_action/email/draft/', { body: { bulk_object_type: 'lead', contact_preference: 'lead', contact_query: '', leave_out_missing: false, leave_out_repeats: false, send_done_email: true, ...body } });
export const startBulk = (bulkId: string) => post('/bulk_action/email/{bulk_id}/start/', { at: { bulk_id: bulkId } });
export const pauseBulk = (bulkId: string) => post('/bulk_action/email/{bulk_id}/pause/', { at: { bulk_id: bulkId } });
export const resumeBulk = (bulkId: string) => post('/bulk_action/email/{bulk_id}/resume/', { at: { bulk_id: bulkId } });
export const cancelBulk = (bulkId: string) => post('/bulk_action/email/{bulk_id}/cancel/', { at: { bulk_id: bulkId } });
export const sendBulkAgain = (bulkId: string) => post('/bulk_action/email/{bulk_id}/send_again/', { at: { bulk_id: bulkId } });
export const countBulkAsSent = (bulkId: string) => post('/bulk_action/email/{bulk_id}/was_sent/', { at: { bulk_id: bulkId } });
export const testBulk = (bulkId: string, number: number) => post('/bulk_action/email/{bulk_id}/test/', { at: { bulk_id: bulkId }, body: { number } });
