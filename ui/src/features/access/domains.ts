import { queryOptions } from '@tanstack/react-query';
import { del, get, put } from '#/shared/api/client';
import type { OwnDomain } from '#/shared/api/types';

export const domainsQuery = queryOptions({ queryKey: ['ownDomains'], queryFn: async ({ signal }) => (await get('/own_domain/', { signal })).data });
export const sayDomain = (domain: string, is_ours: boolean) => put('/own_domain/{own_domain}/', { at: { own_domain: domain }, body: { is_ours } });
export const unsayDomain = (domain: string) => del('/own_domain/{own_domain}/', { at: { own_domain: domain } });

export type Answer = 'ours' | 'notOurs' | 'automatic';

/** What an admin can say of a domain as it stands. Of a public one there is nothing to say. Pure. */
export function answersFor({ why, is_ours, users }: OwnDomain): Answer[] {
  if (why === 'public') return [];
  if (why === 'listed') return users.length > 0 ? ['notOurs', 'automatic'] : ['automatic'];
  if (why === 'refused') return users.length > 0 ? ['automatic'] : ['ours', 'automatic'];
  return [is_ours ? 'notOurs' : 'ours'];
}
