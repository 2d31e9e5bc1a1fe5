import { expect, test } from 'vitest';
import { movedUp } from './setup';

test('an item moves up by one place, and the first stays', () => {
  expect(movedUp(['a', 'b', 'c'], 2)).toEqual(['a', 'c', 'b']);
  expect(movedUp(['a', 'b', 'c'], 1)).toEqual(['b', 'a', 'c']);
  expect(movedUp(['a', 'b', 'c'], 0)).toEqual(['a', 'b', 'c']);
});
