import { queryOptions } from '@tanstack/react-query';
import { get } from '#/shared/api/client';

export const leadQuery = (leadId: string) => queryOptions({
  queryKey: ['lead', leadId],
  queryFn: ({ signal }) => get('/lead/{lead_id}/', { at: { lead_id: leadId }, signal }),
});
