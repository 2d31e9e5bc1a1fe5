import { expect, test } from 'vitest';
import { columnsIn, fieldsOf, leastOf } from './columns';

test('columns are kept by the names of the API, in the order of the list', () => {
  expect(fieldsOf(['status', 'contacts'])).toEqual(['contacts', 'status_label']);
  expect(columnsIn(fieldsOf(['created', 'email']))).toEqual(['email', 'created']);
});

test('fields that other programs chose and the list does not show are passed over', () => {
  expect(columnsIn(['display_name', 'custom.cf_1', 'status_label', { field: 'x' }])).toEqual(['status']);
});

test('the more columns, the more room the list needs before it moves sideways', () => {
  expect(leastOf(['status'])).toBe(30 + 28 + 16 + 160 + 16 + 130);
  expect(leastOf(['status', 'emails'])).toBe(leastOf(['status']) + 16 + 80);
});
