import { expect, test } from 'vitest';
import { dueDay, urgencyOf } from './urgency';

test('a task of today is not late', () => {
  expect([urgencyOf('2026-11-21', '2026-11-22'), urgencyOf('2026-11-22', '2026-11-22'), urgencyOf('2026-11-23', '2026-11-22')]).toEqual(['late', 'today', 'later']);
});

test('a task of a day is of that day wherever it is read', () => {
  expect(dueDay({ date: '2026-11-22' })).toBe('2026-11-22');
  expect(dueDay({ date: '2026-11-22T12:00:00.000000+00:00' })).toBe('2026-11-22');
});
