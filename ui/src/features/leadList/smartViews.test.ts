import { expect, test } from 'vitest';
import { inOrder, moved, wordsOf } from './smartViews';

test('views stand as they were moved, new ones behind', () => {
  const views = ['a', 'b', 'c'].map((id) => ({ id }));
  expect(inOrder(views, ['c', 'a']).map(({ id }) => id)).toEqual(['c', 'a', 'b']);
  expect(moved(['a', 'b', 'c'], 'b', -1)).toEqual(['b', 'a', 'c']);
  expect(moved(['a', 'b', 'c'], 'c', 1)).toEqual(['a', 'b', 'c']);
});

test('a view is its query; one without text is named', () => {
  expect(wordsOf({ name: 'Hot', query: 'status:Potential' })).toBe('status:Potential');
  expect(wordsOf({ name: 'All', query: '*' })).toBe('');
  expect(wordsOf({ name: 'By filter', query: null })).toBe('in:"By filter"');
});
