/** Connecting by a provider's own sign-in: what is possible here, and leaving for the provider's page. */
import { queryOptions } from '@tanstack/react-query';
import { del, get, post, put } from '#/shared/api/client';
import type { OauthClient, OauthClientWrite } from '#/shared/api/types';

export type Feature = 'sync' | 'send';
export type SignInWish = { provider: string; features: Feature[]; email?: string; account_id?: string };

/** Whose sign-in an address of a provider uses: Outlook.com's accounts are Microsoft's too. Null where there is none. */
export function signInKey({ key, provider, kind }: { key?: string; provider?: string; kind: string }): string | null {
  const name = key ?? provider ?? '';
  if (name === 'outlook') return 'microsoft';
  return name === 'google' || kind === 'oauth' ? name : null;
}

/** The buttons above the cards: with an address typed, what was found for it already offers the large providers' own. Pure. */
export function signInsBeside<Offered extends { provider: string }>(signIns: Offered[], words: string): Offered[] {
  return words.includes('@') ? signIns.filter(({ provider }) => provider !== 'google' && provider !== 'microsoft') : signIns;
}

/** What an admin has registered; anybody may use it. */
export const signInsQuery = queryOptions({
  queryKey: ['signIns'],
  queryFn: async ({ signal }) => (await get('/connected_account/sign_ins/', { signal })).data,
});

export const oauthClientsQuery = queryOptions({
  queryKey: ['oauthClients'],
  queryFn: ({ signal }) => get('/oauth_client/', { signal }),
});
export const saveClient = (provider: string, client: OauthClientWrite) => put('/oauth_client/{provider}/', { at: { provider }, body: client }) as Promise<OauthClient>;
export const deleteClient = (provider: string) => del('/oauth_client/{provider}/', { at: { provider } });

/** Goes to the provider's page in this very window: it sends the browser back here. */
export async function leaveFor(wish: SignInWish): Promise<void> {
  const { url } = await post('/connected_account/sign_in/', { body: { email: '', ...wish } });
  window.location.assign(url);
}
