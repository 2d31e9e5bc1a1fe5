import i18next from 'i18next';
import { beforeAll, expect, test } from 'vitest';
import de from '#/shared/i18n/de/mistakes.json';
import en from '#/shared/i18n/en/mistakes.json';
import { mistakeText, sentenceIn } from './mistakeTexts';

/** As the server says them, one of each. */
const SAID = [
  'The query is too long.', 'The query has too many parts.', 'The query is nested too deeply.', 'There is no opening parenthesis for this one.', 'This parenthesis is never closed.', 'This quote is never closed.',
  'A value is expected here.', '“not” needs something after it.', '“and” and “or” need something on both sides.', 'There is nothing in these parentheses.', "A field's name is expected before this.", '=> is no comparison.',
  'No colon stands before a parenthesis: status(…), or status in (…).', "') x' cannot stand here.", "Conditions are joined by 'or'; what is looked for itself stands in quotes.", 'sort: has its place outside of contact(…).',
  'limit takes a colon and a value, as in limit:100.', 'A list may hold 1000 values at most.', 'A name may have 5 wildcards.', 'Sorting is by 5 fields at most.', 'limit: takes a whole number, as in limit:100.',
  'slice: takes a part and the number of parts, as in slice:2/5.', 'sort: takes names of fields with commas between, as in sort:-created,name.', "A lead has no field 'statuss'.", "There is no field 'Sorce'.", 'An email has no custom fields.',
  "There is nothing called 'mial' to search.", "There is no 'emils' to have.", "There is no Smart View 'x'.", "The Smart View 'x' finds contacts, not leads.", "The Smart View 'x' refers to itself.", "There is no status 'Potental'.", "There is no template 'Helo'.",
  "There is no user 'Ana'.", "There is no such choice: 'incomming'.", "has_reply is yes or no, not 'maybe'.", 'created is a date, not a number.', "created is a date, and '1.2.2024' is none. The year stands first.", "value is a number, and '1,5' is none.",
  'value is a number, and a moment is none.', 'name is a text; it is not more or less than anything.', 'created is a date; this cannot be asked of it.', 'Source cannot be compared with a moment this way; use < or >.', 'This is a time of day, as "09:00", and \'x\' is none.',
];

beforeAll(async () => { await i18next.init({ lng: 'de', resources: { en: { translation: { mistakes: en } }, de: { translation: { mistakes: de } } }, interpolation: { escapeValue: false } }); });

test('every mistake that the server tells has its sentence, each another', () => {
  const keys = SAID.map((text) => sentenceIn(text)?.key ?? text);
  expect(keys.filter((key) => key.includes(' '))).toEqual([]);
  expect(new Set(keys).size).toBe(SAID.length - 1); // of what is no number there are two
  expect(keys.toSorted().filter((key, at, all) => key !== all[at - 1])).toEqual(Object.keys(en).filter((key) => !['thing', 'kind', 'hint'].includes(key)).toSorted());
});

test('in German it is said in German, with what was typed', () => {
  const t = i18next.getFixedT('de');
  expect(mistakeText("A lead has no field 'statuss'. Did you mean 'status'?", t)).toBe('Bei Leads gibt es kein Feld „statuss“.');
  expect(mistakeText("created is a date, and '31/12/2024' is none. The year stands first. Did you mean '2024-12-31'?", t)).toBe('created ist ein Datum, „31/12/2024“ ist keines. Das Jahr steht vorn.');
  expect(mistakeText('name is a text; it is not more or less than anything.', t)).toBe('name ist ein Text; größer oder kleiner gibt es da nicht.');
  for (const text of SAID) expect(mistakeText(text, t), text).not.toMatch(/\bThere\b|\bis\b|{{|mistakes\./);
});

test('in English it stays as the server says it, and so does what is not known here', () => {
  const t = i18next.getFixedT('en');
  expect(mistakeText("A lead has no field 'statuss'.", t)).toBe('A lead has no field “statuss”.');
  expect(mistakeText('Something quite new.', i18next.getFixedT('de'))).toBe('Something quite new.');
  for (const text of SAID) expect(mistakeText(text, t), text).not.toMatch(/{{|mistakes\./);
});
