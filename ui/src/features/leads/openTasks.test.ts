import { expect, test } from 'vitest';
import { openTasks } from './openTasks';
import type { LeadTask } from '#/shared/requests/leadTasks';

test('what is done is not shown, and the earliest comes first', () => {
  const tasks = [{ id: 'b', date: '2026-11-24', is_complete: false, is_dateless: false }, { id: 'done', date: '2026-11-20', is_complete: true, is_dateless: false }, { id: 'a', date: '2026-11-23', is_complete: false, is_dateless: false }] as LeadTask[];
  expect(openTasks(tasks).map(({ id }) => id)).toEqual(['a', 'b']);
});

test('what has no date comes last', () => {
  const tasks = [{ id: 'whenever', date: '2026-11-01', is_dateless: true }, { id: 'day', date: '2026-11-24', is_dateless: false }] as LeadTask[];
  expect(openTasks(tasks).map(({ id }) => id)).toEqual(['day', 'whenever']);
});
