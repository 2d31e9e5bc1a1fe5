import { expect, test } from 'vitest';
import { foldedOf } from './conversationFold';

const ids = (count: number) => Array.from({ length: count }, (_, index) => `acti_${index}`);

test('of a long conversation the beginning and the last few are shown', () => {
  expect(foldedOf(ids(200), 'acti_199')).toEqual({ from: 1, count: 195 });
});
test('what is asked for in the middle is shown with all that followed', () => {
  expect(foldedOf(ids(200), 'acti_100')).toEqual({ from: 1, count: 96 });
});
test('a few emails are not folded away', () => {
  expect(foldedOf(ids(8), 'acti_7')).toBeNull();
  expect(foldedOf(ids(200), 'acti_0')).toBeNull();
  expect(foldedOf(ids(3), 'acti_9')).toBeNull();
});
