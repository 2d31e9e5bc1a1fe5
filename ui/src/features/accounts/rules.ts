import { queryOptions } from '@tanstack/react-query';
import { get, put } from '#/shared/api/client';
import type { Identity } from '#/shared/api/types';

type Listed<T> = T[] | { data: T[] };
const listOf = <T>(answer: Listed<T>): T[] => (Array.isArray(answer) ? answer : answer.data);

/** Null: the organization's own patterns, which hold for every account. */
const patternsPath = (accountId: string | null) => (accountId ? `/connected_account/${accountId}/exclude_patterns/` : '/exclude_patterns/');
export const patternsQuery = (accountId: string | null) => queryOptions({
  queryKey: ['excludePatterns', accountId],
  queryFn: async ({ signal }) => listOf(await get<Listed<string>>(patternsPath(accountId), { signal })),
});
export const savePatterns = async (accountId: string | null, patterns: string[]) => listOf(await put<Listed<string>>(patternsPath(accountId), patterns));

export const identitiesQuery = (accountId: string) => queryOptions({
  queryKey: ['identities', accountId],
  queryFn: async ({ signal }) => listOf(await get<Listed<Identity>>(`/connected_account/${accountId}/identities/`, { signal })),
});
export const saveIdentities = async (accountId: string, identities: Identity[]) =>
  listOf(await put<Listed<Identity>>(`/connected_account/${accountId}/identities/`, identities));
