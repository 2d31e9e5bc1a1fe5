import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import i18next, { type TFunction } from 'i18next';
import { beforeAll, expect, test } from 'vitest';
import de from '#/shared/i18n/de/leadList.json';
import { shownViewName } from './viewNames';

let t: TFunction;
beforeAll(async () => {
  const made = i18next.createInstance();
  await made.init({ lng: 'de', resources: { de: { translation: { leadList: de } } } });
  t = made.t as TFunction;
});

test('what every organization begins with has a name in the language of the page', () => {
  const source = readFileSync(join(import.meta.dirname, '../../../../src/postroom/rooms/smart_views/saved_search.py'), 'utf8');
  const listed = /FIRST_VIEWS = \(([\s\S]*?)\n\)/.exec(source)?.[1] ?? '';
  const views = [...listed.matchAll(/\("([^"]+)", "([^"]+)"\)/g)].map(([, name = '', query = '']) => ({ name, query }));
  expect(views.length).toBeGreaterThan(3);
  for (const view of views) expect(shownViewName(view, t)).not.toBe(view.name);
  expect(shownViewName({ name: 'Never Emailed', query: 'emails = 0' }, t)).toBe('Nie angeschrieben');
});

test('a view that somebody changed or made is called as they called it', () => {
  expect(shownViewName({ name: 'Never Emailed', query: 'emails = 0 status:Potential' }, t)).toBe('Never Emailed');
  expect(shownViewName({ name: 'My Leads', query: '*' }, t)).toBe('My Leads');
});
