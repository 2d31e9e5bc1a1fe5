import { queryOptions } from '@tanstack/react-query';
import { get } from '#/shared/api/client';

/** Whether links of emails can lead by way of this Postroom: recipients must reach it by https. */
export const canTrackQuery = queryOptions({
  queryKey: ['canTrack'],
  queryFn: async ({ signal }) => (await get('/unsubscribe/settings/', { signal })).has_one_click,
  staleTime: Infinity,
});
