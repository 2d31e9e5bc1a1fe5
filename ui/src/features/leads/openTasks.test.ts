import { expect, test } from 'vitest';
import { openTasks, urgencyOf } from './openTasks';
import type { LeadTask } from './taskRequests';

test('what is done is not shown, and the earliest comes first', () => {
  const tasks = [{ id: 'b', date: '2026-11-24' }, { id: 'done', date: '2026-11-20', is_complete: true }, { id: 'a', date: '2026-11-23' }] as LeadTask[];
  expect(openTasks(tasks).map(({ id }) => id)).toEqual(['a', 'b']);
});

test('a task of today is not late', () => {
  expect([urgencyOf('2026-11-21', '2026-11-22'), urgencyOf('2026-11-22', '2026-11-22'), urgencyOf('2026-11-23', '2026-11-22')]).toEqual(['late', 'today', 'later']);
});
