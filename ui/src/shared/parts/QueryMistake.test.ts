import { expect, test } from 'vitest';
import { toApiError } from '#/shared/api/errors';
import { mistakeIn } from './QueryMistake';

const refused = (place: object) => toApiError(400, { errors: ['x'], 'field-errors': { query: place } });

test('a mistake is found at its place, as long as its word', () => {
  const words = 'status:Potential and nmae:acme';
  expect(mistakeIn(refused({ text: 'No such field.', column: 22, meant: 'name' }), words)).toEqual({ text: 'No such field.', at: 21, length: 4, meant: 'name' });
});

test('a sign of two characters is one mistake', () => {
  expect(mistakeIn(refused({ text: '=> is no comparison.', column: 10, meant: '>=' }), 'contacts => 2')).toEqual({ text: '=> is no comparison.', at: 9, length: 2, meant: '>=' });
});

test('a mistake at the end has its place behind the text', () => {
  expect(mistakeIn(refused({ text: 'Something is missing.', column: 8 }), 'status:')).toMatchObject({ at: 7, length: 0, meant: '' });
});

test('other errors are no mistakes of the query', () => {
  expect(mistakeIn(toApiError(500, {}), 'acme')).toBeNull();
});
