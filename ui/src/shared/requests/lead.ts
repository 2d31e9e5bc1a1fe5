import { queryOptions } from '@tanstack/react-query';
import { get } from '#/shared/api/client';
import type { Lead } from '#/shared/api/types';

export const leadQuery = (leadId: string) => queryOptions({
  queryKey: ['lead', leadId],
  queryFn: ({ signal }) => get<Lead>(`/lead/${leadId}/`, { signal }),
});
