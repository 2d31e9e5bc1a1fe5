import { expect, test } from 'vitest';
import type { CustomField, Lead } from '#/shared/api/types';
import { usePreferences } from '#/shared/preferences';
import { changedValues, draftOf, shownValue } from './fieldValues';

const field = (id: string, type: CustomField['type'], several = false) => ({ id, type, name: id, accepts_multiple_values: several }) as CustomField;
const fields = [field('cf_text', 'text'), field('cf_tags', 'choices', true), field('cf_when', 'datetime'), field('cf_owner', 'user'), field('cf_size', 'number')];
const lead = { id: 'lead_1', 'custom.cf_text': 'a', 'custom.cf_tags': ['Red', 'Blue'], 'custom.cf_when': '2026-05-01T10:00:00.000000+00:00', 'custom.cf_owner': 'user_1' } as unknown as Lead;
const names = { user: (id: string) => `<${id}>`, contact: (id: string) => id, date: (iso: string) => iso.slice(0, 10) };

test('what a person would type is a list of texts for each field', () => {
  usePreferences.setState({ zone: 'UTC' });
  expect(draftOf(lead, fields)).toEqual({ cf_text: ['a'], cf_tags: ['Red', 'Blue'], cf_when: ['2026-05-01T10:00'], cf_owner: ['user_1'], cf_size: [] });
});

test('only what changed is sent, one value alone, several as a list, and null to clear', () => {
  const before = draftOf(lead, fields);
  expect(changedValues(before, before, fields)).toEqual({});
  const after = { ...before, cf_text: [' '], cf_tags: ['Red'], cf_size: [' 12 '] };
  expect(changedValues(before, after, fields)).toEqual({ 'custom.cf_text': null, 'custom.cf_tags': ['Red'], 'custom.cf_size': '12' });
});

test('a moment is typed as the own clock shows it, and sent with its zone', () => {
  usePreferences.setState({ zone: 'America/New_York' });
  const before = draftOf(lead, fields);
  expect(before.cf_when).toEqual(['2026-05-01T06:00']);
  expect(changedValues(before, { ...before, cf_when: ['2026-12-01T06:00'] }, fields)).toEqual({ 'custom.cf_when': '2026-12-01T11:00:00.000Z' });
  expect(changedValues(before, { ...before, cf_when: ['soon'] }, fields)).toEqual({ 'custom.cf_when': 'soon' });
  usePreferences.setState({ zone: null });
});

test('people and dates are shown by name and day', () => {
  expect(fields.map((each) => shownValue(lead, each, names))).toEqual(['a', 'Red, Blue', '2026-05-01', '<user_1>', '']);
});
