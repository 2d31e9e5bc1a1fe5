import { expect, test } from 'vitest';
import { signInKey, signInsBeside } from './signIns';

test.each([
  [{ key: 'google', kind: 'password' }, 'google'], [{ provider: 'outlook', kind: 'oauth' }, 'microsoft'], [{ provider: 'microsoft', kind: 'oauth' }, 'microsoft'],
  [{ key: 'house', kind: 'oauth' }, 'house'], [{ key: 'fastmail', kind: 'password' }, null],
])('%o signs in at %s', (provider, name) => expect(signInKey(provider)).toBe(name));

test('every registered sign-in is one click away; beside an address only those that its servers do not name', () => {
  const all = [{ provider: 'google' }, { provider: 'house' }];
  expect(signInsBeside(all, '')).toEqual(all);
  expect(signInsBeside(all, 'ann@acme.example')).toEqual([{ provider: 'house' }]);
});
