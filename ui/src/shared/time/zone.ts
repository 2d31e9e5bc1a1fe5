/**
 * The zone that times are shown and typed in: the one a person has chosen, else the device's.
 * A wall clock is kept as a dayjs in UTC mode: its fields are what the clock on that wall shows, and no daylight saving
 * of the device gets between them. `momentOnWall` finds the moment again.
 */
import dayjs, { type Dayjs } from 'dayjs';
import utc from 'dayjs/plugin/utc';
import { usePreferences } from '#/shared/preferences';

dayjs.extend(utc);

export const deviceZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
export const zoneNow = () => usePreferences.getState().zone ?? deviceZone();
/** "America/New York", as people read it. */
export const zoneName = (zone = zoneNow()) => zone.replaceAll('_', ' ');

const formats = new Map<string, Intl.DateTimeFormat>();
function fieldsOf(zone: string): Intl.DateTimeFormat {
  const made = formats.get(zone) ?? new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });
  formats.set(zone, made);
  return made;
}

/** Minutes east of UTC, at that moment. */
export function minutesEast(at: Date, zone = zoneNow()): number {
  const part = Object.fromEntries(fieldsOf(zone).formatToParts(at).map(({ type, value }) => [type, Number(value)])) as Record<string, number>;
  const wall = Date.UTC(part.year!, part.month! - 1, part.day, part.hour, part.minute, part.second);
  return Math.round((wall - Math.floor(at.getTime() / 1000) * 1000) / 60_000);
}

/** What the clock on the wall shows at this moment. */
export const wallOf = (at: Date, zone = zoneNow()): Dayjs => dayjs.utc(at.getTime() + minutesEast(at, zone) * 60_000);
export const wallNow = (): Dayjs => wallOf(new Date());

/** The moment at which the wall shows this; in the hour that a spring skips, the one an hour later. */
export function momentOnWall(wall: Dayjs, zone = zoneNow()): Date {
  const guess = wall.valueOf() - minutesEast(new Date(wall.valueOf()), zone) * 60_000;
  const at = wall.valueOf() - minutesEast(new Date(guess), zone) * 60_000;
  return new Date(minutesEast(new Date(at), zone) === minutesEast(new Date(guess), zone) ? at : Math.max(at, guess));
}

export const dayIn = (at: Date) => wallOf(at).format('YYYY-MM-DD');
export const today = () => dayIn(new Date());
/** The moment of "2026-11-24" and "08:00". */
export const momentAt = (day: string, time: string) => momentOnWall(dayjs.utc(`${day}T${time}`));
