/** Requests about people, roles, groups and the access log. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { del, get, post, put } from '#/shared/api/client';
import type { AccessEntry, AccessLink, Group, Person } from '#/shared/api/types';

export const peopleQuery = queryOptions({
  queryKey: ['access', 'people'],
  queryFn: async ({ signal }) => (await get('/membership/', { query: { _limit: 200 } as never, signal })).data as Person[],
});

export type Invitation = { email: string; role_id: string; first_name: string; last_name: string };
export const invite = async (who: Invitation) => await post('/membership/', { body: who }) as AccessLink;
export const makeLink = async (id: string) => await post('/membership/{membership_id}/link/', { at: { membership_id: id } }) as AccessLink;
export const giveRole = (id: string, roleId: string) => put('/membership/{membership_id}/', { at: { membership_id: id }, body: { role_id: roleId } });
export const withdraw = (id: string) => del('/membership/{membership_id}/', { at: { membership_id: id } });
export type Leaving = { accounts: 'stop' | 'move'; move_to: string };
export const deactivate = (id: string, leaving: Leaving) => post('/membership/{membership_id}/deactivate/', { at: { membership_id: id }, body: leaving });
export const reactivate = (id: string) => post('/membership/{membership_id}/reactivate/', { at: { membership_id: id } });
export const removeTwoFactorOf = (id: string) => del('/membership/{membership_id}/two_factor/', { at: { membership_id: id } });

export const groupsQuery = queryOptions({
  queryKey: ['access', 'groups'],
  queryFn: async ({ signal }) => {
    const { data } = await get('/group/', { signal });
    return await Promise.all(data.map(({ id }) => get('/group/{group_id}/', { at: { group_id: id }, signal }))) as Group[];
  },
});
export const createGroup = (name: string) => post('/group/', { body: { name } });
export const renameGroup = (id: string, name: string) => put('/group/{group_id}/', { at: { group_id: id }, body: { name } });
export const deleteGroup = (id: string) => del('/group/{group_id}/', { at: { group_id: id } });
export const addToGroup = (id: string, userId: string) => post('/group/{group_id}/member/', { at: { group_id: id }, body: { user_id: userId } });
export const takeFromGroup = (id: string, userId: string) => del('/group/{group_id}/member/{user_id}/', { at: { group_id: id, user_id: userId } });

const LINES = 50;
export const accessLogQuery = infiniteQueryOptions({
  queryKey: ['access', 'log'],
  initialPageParam: 0,
  queryFn: async ({ pageParam, signal }) => await get('/access_log/', { query: { _limit: LINES, _skip: pageParam } as never, signal }) as unknown as { data: AccessEntry[]; has_more: boolean },
  getNextPageParam: (last, pages) => (last.has_more ? pages.length * LINES : undefined),
});
