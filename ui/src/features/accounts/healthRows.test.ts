import { expect, test } from 'vitest';
import { budgetUsed, isLate } from './healthRows';

test.each([[null, false], [0, false], [300, false], [301, true]])('%s seconds behind is late: %s', (delay_seconds, late) => expect(isLate({ delay_seconds })).toBe(late));
test('the daily limit is used in percent', () => {
  expect(budgetUsed({ sent_last_day: 500, day_limit: 2000 })).toBe(25);
  expect(budgetUsed({ sent_last_day: 500, day_limit: null })).toBe(0);
});
