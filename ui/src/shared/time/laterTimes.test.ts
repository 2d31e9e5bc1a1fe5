import dayjs from 'dayjs';
import utc from 'dayjs/plugin/utc';
import { expect, test } from 'vitest';
import { laterTimes } from './laterTimes';
import { wallOf } from './zone';

dayjs.extend(utc);

const MOMENTS = ['2026-11-22T09:00', '2026-11-20T23:50', '2026-12-31T10:00', '2026-11-16T17:59', '2026-01-31T06:00', '2027-02-28T18:30'];

test.each(MOMENTS)('choices at %s are in the future, in order and different', (moment) => {
  const now = dayjs.utc(moment);
  const times = laterTimes(now).map(({ at }) => at.getTime());
  expect(times.every((time) => wallOf(new Date(time)).isAfter(now))).toBe(true);
  expect(times.toSorted((a, b) => a - b)).toEqual(times);
  expect(new Set(times).size).toBe(times.length);
});

test('on a Sunday next week is not tomorrow twice', () => {
  const names = laterTimes(dayjs.utc('2026-11-22T09:00')).map(({ name }) => name);
  expect(names).toContain('tomorrow');
  expect(names).not.toContain('nextWeek');
});

test('in the evening there is no later today', () => {
  expect(laterTimes(dayjs.utc('2026-11-16T20:00')).map(({ name }) => name)).not.toContain('laterToday');
});

test('a whole day means its morning', () => {
  const tomorrow = laterTimes(dayjs.utc('2026-11-16T15:20')).find(({ name }) => name === 'tomorrow')!;
  expect(wallOf(tomorrow.at).format('YYYY-MM-DD HH:mm')).toBe('2026-11-17 08:00');
});
