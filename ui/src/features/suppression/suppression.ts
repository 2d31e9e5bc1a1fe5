/** Who gets no bulk email and why, how recipients may unsubscribe, and how the sending domains stand in DNS. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { del, get, post, put } from '#/shared/api/client';
import type { Finding } from '#/shared/api/types';

export const AT_ONCE = 50;
export const KINDS = ['complaint', 'unsubscribed', 'manual', 'hard_bounce', 'soft_bounce'] as const;
export type Kind = (typeof KINDS)[number];
export const MODES = ['off', 'on', 'required'] as const;
export type Mode = (typeof MODES)[number];

export const isKind = (text: unknown): text is Kind => KINDS.includes(text as Kind);

export const suppressedQuery = (query: string, kind: Kind | undefined) => infiniteQueryOptions({
  queryKey: ['suppression', 'list', query, kind ?? ''],
  queryFn: ({ signal, pageParam }) => get('/suppression/', { query: { query, kind, _limit: AT_ONCE, _skip: pageParam }, signal }),
  initialPageParam: 0,
  getNextPageParam: (last, pages) => (last.has_more ? pages.length * AT_ONCE : undefined),
});
export const modeQuery = queryOptions({ queryKey: ['suppression', 'mode'], queryFn: ({ signal }) => get('/unsubscribe/settings/', { signal }) });
export const domainsQuery = queryOptions({ queryKey: ['sendingDomains'], queryFn: ({ signal }) => get('/sending_domain/', { signal }) });

export const addSuppressed = (email: string, reason: string) => post('/suppression/', { body: { email, reason } });
export const removeSuppressed = (kind: string, email: string) => del('/suppression/{kind}/{email}/', { at: { kind, email } });
export const saveMode = (mode: Mode) => put('/unsubscribe/settings/', { body: { mode } });
export const checkDomain = (domain: string) => post('/sending_domain/{domain}/check/', { at: { domain } });
export const makeKeys = (domain: string) => post('/sending_domain/{domain}/dkim/', { at: { domain } });
export const switchSigning = (domain: string, isOn: boolean) => put('/sending_domain/{domain}/dkim/', { at: { domain }, body: { is_on: isOn } });
export const removeKeys = (domain: string) => del('/sending_domain/{domain}/dkim/', { at: { domain } });

const WORST = ['problem', 'warning', 'unknown', 'good'];
/** How a domain stands as a whole: as its worst finding. */
export const worstOf = (findings: Finding[]): Finding['state'] | undefined =>
  findings.map(({ state }) => state).sort((one, other) => WORST.indexOf(one) - WORST.indexOf(other))[0];
export const HEALTH = { good: 'good', warning: 'warn', problem: 'bad', unknown: 'off' } as const;
