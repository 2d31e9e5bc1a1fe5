import { expect, test } from 'vitest';
import { isPlausible, parseAddress, printAddress, splitAddresses } from './addresses';

test('a quoted name keeps its comma', () => {
  expect(parseAddress('"Miller, Ann" <ann@x.example>')).toEqual({ name: 'Miller, Ann', email: 'ann@x.example' });
});

test.each(['ann@x.example', '"Ann \\"A\\" Miller" <ann@x.example>'])('%s survives reading and printing', (text) => {
  expect(printAddress(parseAddress(text))).toBe(text);
});

test('pasting a list makes one recipient of each', () => {
  expect(splitAddresses('A <a@x.example>, b@y.example; "C, D" <c@z.example>\nd@x.example e@x.example').map(({ email }) => email))
    .toEqual(['a@x.example', 'b@y.example', 'c@z.example', 'd@x.example', 'e@x.example']);
});

test.each([['ann@x.example', true], ['ann@x', false], ['ann', false], ['a b@x.example', false], ['a@x.example.', false]])('%s plausible: %s', (text, is) => {
  expect(isPlausible(text)).toBe(is);
});
