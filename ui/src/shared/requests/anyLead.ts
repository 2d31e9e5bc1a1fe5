import { queryOptions } from '@tanstack/react-query';
import { get } from '#/shared/api/client';

/** Whether there is a lead at all. */
export const anyLeadQuery = queryOptions({
  queryKey: ['leads', 'any'],
  queryFn: async ({ signal }) => (await get('/lead/', { query: { _limit: 1, _fields: 'id' }, signal })).data.length > 0,
});
