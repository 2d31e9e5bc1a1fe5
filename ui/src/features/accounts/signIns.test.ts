import { expect, test } from 'vitest';
import { signInKey } from './signIns';

test.each([
  [{ key: 'google', kind: 'password' }, 'google'], [{ provider: 'outlook', kind: 'oauth' }, 'microsoft'], [{ provider: 'microsoft', kind: 'oauth' }, 'microsoft'],
  [{ key: 'house', kind: 'oauth' }, 'house'], [{ key: 'fastmail', kind: 'password' }, null],
])('%o signs in at %s', (provider, name) => expect(signInKey(provider)).toBe(name));
