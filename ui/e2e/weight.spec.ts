/** What the Inbox may weigh, and that what it fetches later is not needed for its words. Nothing here looks at a clock. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';

const STATIC = join(import.meta.dirname, '../../src/postroom/static');
const TEXTS = join(import.meta.dirname, '../src/shared/i18n/en');
const MOST_KB = 260;

/** The scripts that the page names itself: its entry, and all that this imports at once. The Inbox is part of them. */
const scripts = () => [...readFileSync(join(STATIC, 'index.html'), 'utf8').matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map((match) => match[1]!);
const packed = (name: string) => { try { return statSync(join(STATIC, `${name}.gz`)).size; } catch { return statSync(join(STATIC, name)).size; } };

test('the scripts of the Inbox are few and stay below their limit', () => {
  const names = scripts();
  expect(names.length).toBeGreaterThan(1);
  expect(names.length).toBeLessThanOrEqual(5);
  expect(names.reduce((sum, name) => sum + packed(name), 0) / 1000).toBeLessThanOrEqual(MOST_KB);
});

test('the Inbox says nothing whose text comes later', () => {
  const first = [...readFileSync(join(TEXTS, 'first.ts'), 'utf8').matchAll(/from '\.\/(\w+)\.json'/g)].map((match) => match[1]!);
  const later = readdirSync(TEXTS).filter((name) => name.endsWith('.json')).map((name) => name.replace('.json', '')).filter((name) => !first.includes(name));
  expect(first).toContain('inbox');
  const own = scripts().find((name) => name.includes('index-'))!;
  const said = [...readFileSync(join(STATIC, own), 'utf8').matchAll(new RegExp(`["'\`]((?:${later.join('|')})\\.[a-z]\\w*(?:\\.\\w+)*)["'\`$]`, 'gi'))].map((match) => match[1]);
  expect(said).toEqual([]);
});
