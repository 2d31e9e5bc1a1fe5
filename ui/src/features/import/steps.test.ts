import { expect, test } from 'vitest';
import { importable, outcomes, percentDone, remapped } from './steps';

const counts = { created: 4, joined: 1, skipped: 0, failed: 2, kept: 0, undone: 0, leads: 4, contacts: 5 };

test('a field that one column alone can be leaves the other column', () => {
  const columns = [{ target: 'lead.name' }, { target: '' }, { target: 'contact.email' }];
  expect(remapped(columns, 1, 'lead.name')).toEqual(['', 'lead.name', 'contact.email']);
});

test('several columns can hold addresses', () => {
  expect(remapped([{ target: 'contact.email' }, { target: '' }], 1, 'contact.email')).toEqual(['contact.email', 'contact.email']);
});

test('leaving a column out leaves the others as they are', () => {
  expect(remapped([{ target: '' }, { target: 'lead.url' }], 1, '')).toEqual(['', '']);
});

test('after a check only the rows without a mistake are counted', () => {
  expect(importable({ status: 'draft', n_rows: 7, counts })).toBe(7);
  expect(importable({ status: 'checked', n_rows: 7, counts })).toBe(5);
});

test('of what was undone nothing is called new', () => {
  expect(outcomes({ status: 'done', counts }).map(([name]) => name)).toEqual(['leads', 'contacts', 'joined', 'failed']);
  expect(outcomes({ status: 'undone', counts: { ...counts, undone: 5, kept: 1 } }).map(([name]) => name)).toEqual(['joined', 'failed', 'undone', 'kept']);
});

test('progress never says done before it is', () => {
  expect(percentDone({ n_done: 999, n_rows: 1000 })).toBe(99);
  expect(percentDone({ n_done: 0, n_rows: 0 })).toBe(0);
});
