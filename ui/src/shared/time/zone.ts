/**
 * The zone that times are shown and typed in: the one a person has chosen, else the device's.
 * A wall clock is kept as a dayjs in UTC mode: its fields are what the clock on that wall shows, and no daylight saving
 * of the device gets between them. `momentOnWall` finds the moment again.
 */
import dayjs, { type Dayjs } from 'dayjs';
import utc from 'dayjs/plugin/utc';
import { usePreferences } from '#/shared/preferences';

dayjs.extend(utc);

const ASK_AGAIN_MS = 60_000; // asking the browser takes as long as drawing a row, and each row asks several times
let device = { zone: '', at: -Infinity };
export function deviceZone(): string {
  const now = performance.now();
  if (now - device.at > ASK_AGAIN_MS) device = { zone: Intl.DateTimeFormat().resolvedOptions().timeZone, at: now };
  return device.zone;
}
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

type Span = readonly [from: number, to: number];
let kept: { zone: string; day: Span; year: Span } | undefined;
/** Today and this year in milliseconds; kept until the day ends, since each row of a list asks. */
export function todayAndYear(now: Date, zone = zoneNow()): { day: Span; year: Span } {
  if (kept?.zone === zone && isWithin(now, kept.day)) return kept;
  const wall = wallOf(now, zone);
  const span = (unit: 'day' | 'year'): Span => [momentOnWall(wall.startOf(unit), zone).getTime(), momentOnWall(wall.startOf(unit).add(1, unit), zone).getTime()];
  kept = { zone, day: span('day'), year: span('year') };
  return kept;
}
export const isWithin = (at: Date, [from, to]: Span) => at.getTime() >= from && at.getTime() < to;
