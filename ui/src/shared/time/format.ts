/** Dates, sizes and counts as the reader's language writes them. */
import i18next from 'i18next';
import { isWithin, todayAndYear, wallOf, zoneNow } from './zone';

const formatters = new Map<string, Intl.DateTimeFormat>();
function formatter(options: Intl.DateTimeFormatOptions, timeZone = zoneNow()): Intl.DateTimeFormat {
  const key = `${i18next.language}${timeZone}${JSON.stringify(options)}`;
  const made = formatters.get(key) ?? new Intl.DateTimeFormat(i18next.language, { ...options, timeZone });
  formatters.set(key, made);
  return made;
}

export const timeOfDay = (date: Date) => formatter({ hour: 'numeric', minute: '2-digit' }).format(date);

/** As mail programs do: today the time, this year the day, before that day and year. */
export function shortDate(iso: string, now = new Date()): string {
  const date = new Date(iso);
  const { day, year } = todayAndYear(now);
  if (isWithin(date, day)) return timeOfDay(date);
  if (isWithin(date, year)) return formatter({ day: 'numeric', month: 'short' }).format(date);
  return formatter({ day: 'numeric', month: 'short', year: 'numeric' }).format(date);
}

/** As short as it stays exact: today the time, this year day and time, before that the year too. */
export function shortMoment(iso: string, now = new Date()): string {
  const date = new Date(iso);
  const { day, year } = todayAndYear(now);
  if (isWithin(date, day)) return timeOfDay(date);
  return isWithin(date, year) ? formatter({ day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' }).format(date) : fullDate(iso);
}

/** The day alone. "2026-11-18" is that day wherever it is read. */
export function shortDay(iso: string, now = new Date()): string {
  const zone = iso.length === 10 ? 'UTC' : zoneNow();
  const date = new Date(iso);
  const isThisYear = wallOf(date, zone).year() === wallOf(now).year();
  return formatter({ day: 'numeric', month: 'short', ...(isThisYear ? {} : { year: 'numeric' }) }, zone).format(date);
}

/** "2026-11-18" is that day wherever it is read, and has no time. */
export const fullDate = (iso: string) => (iso.length === 10 ? formatter({ dateStyle: 'medium' }, 'UTC') : formatter({ dateStyle: 'medium', timeStyle: 'short' })).format(new Date(iso));
/** Exact and still short: "Mon, 23 Nov, 08:00". */
export const exactDate = (date: Date) =>
  formatter({ weekday: 'short', day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' }).format(date);

/** "2 minutes ago", "in 3 hours"; the nearest unit that is not zero. */
export function relativeTime(iso: string, now = Date.now()): string {
  const seconds = Math.round((Date.parse(iso) - now) / 1000);
  const relative = new Intl.RelativeTimeFormat(i18next.language, { numeric: 'auto' });
  for (const [unit, size] of [['day', 86_400], ['hour', 3600], ['minute', 60]] as const) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return relative.format(seconds, 'second');
}

export const count = (value: number) => new Intl.NumberFormat(i18next.language).format(value);

export function bytes(value: number): string {
  const [unit, size] = value >= 1_048_576 ? (['megabyte', 1_048_576] as const) : (['kilobyte', 1024] as const);
  const digits = unit === 'megabyte' ? 1 : 0;
  const format = new Intl.NumberFormat(i18next.language, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits });
  return format.format(Math.max(value / size, unit === 'kilobyte' ? 1 : 0));
}
