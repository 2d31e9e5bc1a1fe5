import { expect, test } from 'vitest';
import { conflictOf, keysOf, keyTable } from './bindings';
import { KEYMAP } from './keymap';

test('without changes every key runs what the table says', () => {
  const { byKey, prefixes } = keyTable({});
  for (const row of KEYMAP) for (const keys of row.keys) expect(byKey.get(keys)).toBe(row.id);
  expect(prefixes.has('g')).toBe(true);
});

test('what a person chose takes the place of all keys of a command, and of whoever had it', () => {
  const changed = { threadDone: 'y', goInbox: 'y i' };
  expect(keysOf('threadDone', changed)).toEqual(['y']);
  expect(keyTable({ threadDone: 'r' }).byKey.get('r')).toBe('threadDone');
  expect(keyTable({ threadDone: 'y' }).byKey.has('e')).toBe(false);
  expect(keyTable({ threadDone: '' }).byKey.get('e')).toBeUndefined();
});

test.each([
  ['threadDone', 'r', 'threadReply'], ['threadDone', 'e', null], ['threadDone', 'y', null],
  ['threadDone', 'g', 'goInbox'], ['threadDone', 'r x', 'threadReply'], ['goInbox', 'g i', null],
] as const)('%s on “%s” is in the way of %s', (id, keys, other) => {
  expect(conflictOf(id, keys, {})).toBe(other);
});

test('a key that was given up is free', () => {
  expect(conflictOf('threadDone', 'r', { threadReply: 'q' })).toBeNull();
  expect(conflictOf('threadDone', 'q', { threadReply: 'q' })).toBe('threadReply');
});

test('names that no command has, from another version, do no harm', () => {
  expect(keyTable({ nothing: 'q' }).byKey.get('q')).toBeUndefined();
});
