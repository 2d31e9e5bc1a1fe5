import { expect, test } from 'vitest';
import { sortingOf, toggled } from './sorting';

test('a column sorts one way, the other way, and no more', () => {
  const once = toggled('status:Potential', 'created', true);
  expect(once).toBe('status:Potential sort:-created');
  const twice = toggled(once, 'created', true);
  expect(twice).toBe('status:Potential sort:created');
  expect(toggled(twice, 'created', true)).toBe('status:Potential');
});

test('another column takes the place of the first', () => {
  expect(toggled('sort:-created limit:50', 'name', false)).toBe('limit:50 sort:name');
});

test('the first of several keys is what a heading shows', () => {
  expect(sortingOf('acme sort:"-last_email,name"')).toEqual({ field: 'last_email', isDescending: true });
  expect(sortingOf('acme')).toBeNull();
  expect(sortingOf('"sort:name" x')).toBeNull();
});
