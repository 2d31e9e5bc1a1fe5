import { queryOptions } from '@tanstack/react-query';
import { get, post, put } from '#/shared/api/client';
import type { Identity, ProvenIdentity } from '#/shared/api/types';

/** Null: the organization's own patterns, which hold for every account. */
export const patternsQuery = (accountId: string | null) => queryOptions({
  queryKey: ['excludePatterns', accountId],
  queryFn: ({ signal }) => (accountId
    ? get('/connected_account/{account_id}/exclude_patterns/', { at: { account_id: accountId }, signal })
    : get('/exclude_patterns/', { signal })),
});
export const savePatterns = (accountId: string | null, patterns: string[]) => (accountId
  ? put('/connected_account/{account_id}/exclude_patterns/', { at: { account_id: accountId }, body: patterns })
  : put('/exclude_patterns/', { body: patterns }));

/** What patterns would have left out of what is logged. */
export const trialQuery = (accountId: string | null, patterns: string[]) => queryOptions({
  queryKey: ['patternTrial', accountId, patterns],
  queryFn: () => post('/exclude_patterns/try/', { body: { patterns, account_id: accountId ?? '' } }),
  enabled: patterns.length > 0,
  retry: false,
});

/** The aliases; the account's own address comes first in the answer and is not one of them. */
export const identitiesQuery = (accountId: string, own: string) => queryOptions({
  queryKey: ['identities', accountId],
  queryFn: async ({ signal }) => withoutOwn(await get('/connected_account/{account_id}/identities/', { at: { account_id: accountId }, signal }), own),
});
export const saveIdentities = async (accountId: string, own: string, identities: Identity[]) =>
  withoutOwn(await put('/connected_account/{account_id}/identities/', { at: { account_id: accountId }, body: identities }), own);

export const proveAlias = (accountId: string, email: string) => post('/connected_account/{account_id}/identities/prove/', { at: { account_id: accountId }, body: { email } });
export const confirmAlias = (accountId: string, email: string, code: string) => post('/connected_account/{account_id}/identities/confirm/', { at: { account_id: accountId }, body: { email, code } });

const withoutOwn = (identities: ProvenIdentity[], own: string) => identities.filter(({ email }) => email.toLowerCase() !== own.toLowerCase());
