import { queryOptions } from '@tanstack/react-query';
import { get } from '#/shared/api/client';
import type { CustomField } from '#/shared/api/types';

/** What the organization has set up: it changes seldom, and all of it is read again when any of it does. */
const LONG = 5 * 60_000;

export const leadStatusesQuery = queryOptions({
  queryKey: ['setup', 'leadStatuses'],
  queryFn: async ({ signal }) => (await get('/status/lead/', { signal })).data,
  staleTime: LONG,
});

export const pipelinesQuery = queryOptions({
  queryKey: ['setup', 'pipelines'],
  queryFn: async ({ signal }) => (await get('/pipeline/', { signal })).data,
  staleTime: LONG,
});

export type FieldPlace = 'lead' | 'contact' | 'opportunity';
export const fieldsQuery = (place: FieldPlace) => queryOptions({
  queryKey: ['setup', 'fields', place],
  queryFn: async ({ signal }) => (await get('/custom_field_schema/{thing}/', { at: { thing: place }, signal })).fields as CustomField[],
  staleTime: LONG,
});
