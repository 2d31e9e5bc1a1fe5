/** What was found for an address, before anybody types a host. */
import { queryOptions } from '@tanstack/react-query';
import { get } from '#/shared/api/client';
import type { Candidate, Provider } from '#/shared/api/types';
import { isPlausible } from '#/shared/mail/addresses';

/** Asks nobody until the address is whole; the answer takes up to five seconds. */
export const discoveryQuery = (email: string) => queryOptions({
  queryKey: ['discovery', email.toLowerCase()],
  queryFn: async ({ signal }) => (await get('/connected_account/discover/', { query: { email }, signal })).data as Candidate[],
  enabled: isPlausible(email),
  staleTime: 5 * 60_000,
  retry: false,
});

/** The provider that the form starts from: found servers win over what the table says. */
export const providerOf = (found: Candidate): Provider => ({
  key: found.provider, name: found.name, kind: found.kind, imap: found.imap, smtp: found.smtp, domains: [],
  needs_app_password: found.needs_app_password, app_password_url: found.app_password_url, hint: found.hint, help_url: found.help_url,
});
