import { queryOptions } from '@tanstack/react-query';
import { get } from '#/shared/api/client';
import type { ActivityType, CustomField } from '#/shared/api/types';

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

/** Leads, contacts, opportunities, or custom activities of one type, by its id. */
export type FieldPlace = 'lead' | 'contact' | 'opportunity' | (string & {});
export const fieldsQuery = (place: FieldPlace) => queryOptions({
  queryKey: ['setup', 'fields', place],
  queryFn: async ({ signal }) => (await get('/custom_field_schema/{thing}/', { at: { thing: place }, signal })).fields as CustomField[],
  staleTime: LONG,
});

/** The same without those that only programs read. */
export const shownFieldsQuery = (place: FieldPlace) => ({ ...fieldsQuery(place), select: (fields: CustomField[]) => fields.filter((field) => field.type !== 'hidden') });

export const activityTypesQuery = queryOptions({
  queryKey: ['setup', 'activityTypes'],
  queryFn: async ({ signal }) => (await get('/custom_activity/', { query: { _limit: '200' } as never, signal })).data as ActivityType[],
  staleTime: LONG,
});

export const linksQuery = queryOptions({
  queryKey: ['setup', 'links'],
  queryFn: async ({ signal }) => (await get('/integration_link/', { query: { _limit: '200' } as never, signal })).data,
  staleTime: LONG,
});
