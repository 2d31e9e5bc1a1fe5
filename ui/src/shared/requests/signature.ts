import { queryOptions } from '@tanstack/react-query';
import { del, get, post, put } from '#/shared/api/client';

/** One's own signature, or what stands under the mail of an account: its own, else its user's. */
export const signatureQuery = (accountId: string | null) => queryOptions({
  queryKey: ['signature', accountId],
  queryFn: ({ signal }) => (accountId ? get('/connected_account/{account_id}/signature/', { at: { account_id: accountId }, signal }) : get('/signature/', { signal })),
});

/** How it will look under an email, its variables filled in. */
export const signaturePreviewQuery = (html: string, accountId: string | null) => queryOptions({
  queryKey: ['signaturePreview', accountId, html],
  queryFn: () => post('/signature/preview/', { body: { html, email_account_id: accountId } }),
  enabled: html !== '',
  staleTime: 5 * 60_000,
});

export const saveSignature = (accountId: string | null, html: string) =>
  (accountId ? put('/connected_account/{account_id}/signature/', { at: { account_id: accountId }, body: { html } }) : put('/signature/', { body: { html } }));
export const dropAccountSignature = (accountId: string) => del('/connected_account/{account_id}/signature/', { at: { account_id: accountId } });
