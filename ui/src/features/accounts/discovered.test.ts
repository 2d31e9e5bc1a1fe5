import { expect, test } from 'vitest';
import type { Candidate } from '#/shared/api/types';
import { discoveryQuery, providerOf } from './discovered';

test('nobody is asked before the address is whole', () => {
  expect(['', 'ann', 'ann@', 'ann@x'].map((email) => discoveryQuery(email).enabled)).toEqual([false, false, false, false]);
  expect(discoveryQuery('ann@x.example').enabled).toBe(true);
});

test('found servers are what the form starts from', () => {
  const imap = { host: 'mail.x.example', port: 993, encryption: 'tls' as const, username: 'ann' };
  const found = { source: 'srv', provider: 'custom', name: 'x.example', kind: 'password', imap, smtp: null, user_hint: '', is_foreign: false, needs_app_password: false, app_password_url: '', hint: '', help_url: '' } satisfies Candidate;
  expect(providerOf(found)).toMatchObject({ key: 'custom', imap, smtp: null });
});
