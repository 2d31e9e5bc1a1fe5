import { expect, test } from 'vitest';
import { KEYMAP, KEY_GROUPS } from '../commands/keymap';
import de from './de';
import en from './en';

const keysOf = (texts: object, prefix = ''): string[] => Object.entries(texts).flatMap(([key, value]) => (typeof value === 'string' ? [prefix + key] : keysOf(value as object, `${prefix}${key}.`)));
const placesOf = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();
const textAt = (texts: object, key: string) => key.split('.').reduce<unknown>((inner, part) => (inner as Record<string, unknown>)[part], texts) as string;

test('German has every text that English has, and no other', () => {
  expect(keysOf(de).sort()).toEqual(keysOf(en).sort());
});

test('both languages put in the same values', () => {
  const differing = keysOf(en).filter((key) => placesOf(textAt(en, key)).join() !== placesOf(textAt(de, key)).join());
  expect(differing).toEqual([]);
});

test('every command and key group has a name', () => {
  expect(Object.keys(en.shell.command).sort()).toEqual(KEYMAP.map((row) => row.id).sort());
  expect(Object.keys(en.shell.group).sort()).toEqual([...KEY_GROUPS].sort());
});

test('German says "Sie" to everybody', () => {
  expect(keysOf(de).filter((key) => /(?<!\p{L})(du|dir|dich|dein(e[mnrs]?)?)(?!\p{L})/iu.test(textAt(de, key)))).toEqual([]);
});
