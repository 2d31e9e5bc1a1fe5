import { expect, test } from 'vitest';
import { urgencyOf } from './urgency';

test('a task of today is not late', () => {
  expect([urgencyOf('2026-11-21', '2026-11-22'), urgencyOf('2026-11-22', '2026-11-22'), urgencyOf('2026-11-23', '2026-11-22')]).toEqual(['late', 'today', 'later']);
});
