import { afterEach, expect, test } from 'vitest';
import { usePreferences } from '#/shared/preferences';
import { exactDate, shortDate, shortDay, shortMoment } from './format';
import { laterTimes } from './laterTimes';
import { momentOf } from './naturalTime';
import { dayIn, minutesEast, momentAt, momentOnWall, wallOf } from './zone';

const inZone = (zone: string | null) => usePreferences.setState({ zone });
afterEach(() => inZone(null));

test('a zone is as far east as its daylight saving says', () => {
  expect(minutesEast(new Date('2026-01-15T12:00:00Z'), 'America/New_York')).toBe(-300);
  expect(minutesEast(new Date('2026-07-15T12:00:00Z'), 'America/New_York')).toBe(-240);
  expect(minutesEast(new Date('2026-07-15T12:00:00Z'), 'Asia/Kolkata')).toBe(330);
});

test.each(['Europe/Berlin', 'America/Los_Angeles', 'Asia/Kolkata', 'Pacific/Auckland', 'UTC'])('what the wall shows in %s leads back to its moment', (zone) => {
  for (let hour = 0; hour < 24 * 366; hour += 7) {
    const at = new Date(Date.UTC(2026, 0, 1, hour));
    const back = momentOnWall(wallOf(at, zone), zone);
    expect([0, 3_600_000]).toContain(Math.abs(back.getTime() - at.getTime())); // an hour apart only where autumn has it twice
    expect(wallOf(back, zone).valueOf()).toBe(wallOf(at, zone).valueOf());
  }
});

test('a time that spring skips is the one an hour later', () => {
  inZone('Europe/Berlin');
  expect(momentAt('2026-03-29', '02:30').toISOString()).toBe('2026-03-29T01:30:00.000Z');
  expect(momentAt('2026-03-29', '03:30').toISOString()).toBe('2026-03-29T01:30:00.000Z');
});

test('times are shown in the zone that was chosen, days without a time in none', () => {
  const at = '2026-11-18T23:30:00Z';
  inZone('Asia/Tokyo');
  expect(shortDate(at, new Date('2026-11-19T03:00:00Z'))).toBe('8:30 AM');
  expect(exactDate(new Date(at))).toMatch(/Thu, Nov 19, 8:30/);
  expect(dayIn(new Date(at))).toBe('2026-11-19');
  inZone('America/Los_Angeles');
  expect(shortDate(at, new Date('2026-11-18T23:59:00Z'))).toBe('3:30 PM');
  expect(dayIn(new Date(at))).toBe('2026-11-18');
  expect(shortDay('2026-11-18', new Date(at))).toBe('Nov 18');
  expect(shortDay('2025-11-18', new Date(at))).toBe('Nov 18, 2025');
});

test('the moment of an email says no more than is needed to know it exactly', () => {
  inZone('America/Los_Angeles');
  const at = '2026-11-18T23:30:00Z';
  expect(shortMoment(at, new Date('2026-11-18T23:59:00Z'))).toBe('3:30 PM');
  expect(shortMoment(at, new Date('2026-11-20T08:00:00Z'))).toMatch(/^Nov 18, 3:30/);
  expect(shortMoment(at, new Date('2027-02-01T08:00:00Z'))).toMatch(/^Nov 18, 2026, 3:30/);
});

test('"tomorrow 9am" and the morning of a choice are those of the chosen zone', () => {
  inZone('America/Los_Angeles');
  const now = wallOf(new Date('2026-11-19T02:00:00Z')); // Wednesday evening there, Thursday in Europe
  expect(momentOf('tomorrow 9am', now)?.toISOString()).toBe('2026-11-19T17:00:00.000Z');
  expect(laterTimes(now).find(({ name }) => name === 'tomorrow')!.at.toISOString()).toBe('2026-11-19T16:00:00.000Z');
});
