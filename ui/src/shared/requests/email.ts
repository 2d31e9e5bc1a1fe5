import { queryOptions } from '@tanstack/react-query';
import { get } from '#/shared/api/client';
import type { Email } from '#/shared/api/types';

/** One email with its body, for quoting it or editing a draft. */
export const emailQuery = (emailId: string) => queryOptions({
  queryKey: ['email', emailId],
  queryFn: ({ signal }) => get('/activity/email/{email_id}/', { at: { email_id: emailId }, signal }) as Promise<Email>,
  staleTime: 60_000,
});
