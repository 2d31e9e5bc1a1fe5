import { expect, test } from 'vitest';
import { offsetOf, timeThere } from './timeThere';

test("the sender's zone is the offset of their own date", () => {
  expect(offsetOf('Wed, 18 Nov 2026 15:20:00 +0530')).toBe(330);
  expect(offsetOf('Wed, 18 Nov 2026 15:20:00 -0800 (PST)')).toBe(-480);
  expect([offsetOf('Wed, 18 Nov 2026 15:20:00 -0000'), offsetOf('Wed, 18 Nov 2026 15:20:00 GMT'), offsetOf(null), offsetOf('x +9900')]).toEqual([undefined, undefined, undefined, undefined]);
});

test('a moment is told as their clock shows it', () => {
  expect(timeThere(new Date('2026-11-18T23:00:00Z'), 330)).toMatch(/Thu/);
  expect(timeThere(new Date('2026-11-18T23:00:00Z'), 330)).toMatch(/4:30/);
});
