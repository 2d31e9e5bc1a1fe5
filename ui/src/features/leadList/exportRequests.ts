/** Files that the server makes of leads: begun, watched, and those of before. */
import { queryOptions } from '@tanstack/react-query';
import { get, post } from '#/shared/api/client';
import type { LeadExport } from '#/shared/api/types';
import { askedFor } from './wholeList';

const AGAIN_MS = 1000;
const SHOWN = 5;
export const EXPORT_KINDS = ['leads', 'contacts', 'lead_opps'] as const;
export const EXPORT_FORMATS = ['csv', 'json'] as const;
export type ExportWish = { words: string; type: (typeof EXPORT_KINDS)[number]; format: (typeof EXPORT_FORMATS)[number]; hasAddresses: boolean; hasActivities: boolean };

export const isMade = ({ status }: Pick<LeadExport, 'status'>) => status === 'done' || status === 'error';

export const beginExport = ({ words, type, format, hasAddresses, hasActivities }: ExportWish) => post('/export/lead/', { body: {
  query: askedFor(words), type, format, include_addresses: hasAddresses, include_activities: hasActivities && format === 'json' && type === 'leads', send_done_email: false,
} });

/** Read anew while one is being made, so that its progress is seen. */
export const exportsQuery = queryOptions({
  queryKey: ['exports'],
  queryFn: async ({ signal }) => (await get('/export/', { query: { _limit: SHOWN }, signal })).data,
  refetchInterval: ({ state }) => (state.data?.some((one) => !isMade(one)) ? AGAIN_MS : false),
});
