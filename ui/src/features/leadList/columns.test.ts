import { expect, test } from 'vitest';
import { columnsIn, fieldsOf } from './columns';

test('columns are kept by the names of the API, in the order of the list', () => {
  expect(fieldsOf(['status', 'contacts'])).toEqual(['contacts', 'status_label']);
  expect(columnsIn(fieldsOf(['created', 'email']))).toEqual(['email', 'created']);
});

test('fields that other programs chose and the list does not show are passed over', () => {
  expect(columnsIn(['display_name', 'custom.cf_1', 'status_label', { field: 'x' }])).toEqual(['status']);
});
