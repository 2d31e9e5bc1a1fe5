/** Other people's clocks: from the offset that their own emails carry. */
import i18next from 'i18next';

const OFFSET = /([+-])(\d{2})(\d{2})\s*(?:\([^)]*\))?\s*$/;
const LARGEST_MINUTES = 14 * 60;

/** Minutes east of UTC in an RFC 5322 date, undefined where it says none. "-0000" means that the zone is not known. */
export function offsetOf(date: string | null | undefined): number | undefined {
  const [, sign, hours, minutes] = OFFSET.exec(date ?? '') ?? [];
  if (!sign || (sign === '-' && hours === '00' && minutes === '00')) return undefined;
  const east = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
  return Math.abs(east) <= LARGEST_MINUTES ? east : undefined;
}

/** "Tue 15:00" where that clock hangs. */
export function timeThere(at: Date, eastMinutes: number): string {
  const shifted = new Date(at.getTime() + eastMinutes * 60_000);
  return new Intl.DateTimeFormat(i18next.language, { weekday: 'short', hour: 'numeric', minute: '2-digit', timeZone: 'UTC' }).format(shifted);
}
