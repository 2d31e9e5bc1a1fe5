import { expect, test } from 'vitest';
import type { Provider } from '#/shared/api/types';
import { offered } from './providers';

const provider = (key: string, domains: string[] = []) => ({ key, name: key.toUpperCase(), domains }) as unknown as Provider;
const ALL = [provider('google', ['gmail.com']), provider('microsoft'), provider('gmx', ['gmx.net', 'gmx.de']), ...Array.from({ length: 9 }, (_, index) => provider(`p${index}`)), provider('custom')];
const keys = (words: string) => offered(ALL, words).map(({ key }) => key);

test('the usual ones are offered first, and the own server is not one of them', () => {
  expect(keys('')).toHaveLength(8);
  expect(keys('')).not.toContain('custom');
});
test('an address chooses its provider', () => expect(keys('ann@gmx.de')).toEqual(['gmx']));
test('an unknown domain may be with those who keep mail for companies', () => expect(keys('ann@x.example')).toEqual(['google', 'microsoft']));
test('a name finds its provider', () => expect(keys('gm')).toEqual(['google', 'gmx']));
