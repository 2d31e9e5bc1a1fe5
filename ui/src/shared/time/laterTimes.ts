/** The moments people mean by "later": used for snoozing and for sending later. */
import type { Dayjs } from 'dayjs';
import { momentOnWall, wallNow } from './zone';

export type LaterName = 'laterToday' | 'tomorrow' | 'inTwoDays' | 'thisWeekend' | 'nextWeek' | 'inAMonth';
export type LaterTime = { name: LaterName; at: Date };

const MORNING_HOUR = 8;
const LAST_HOUR_FOR_LATER_TODAY = 18;

/** Sorted, without doubles, all in the future, seen from the clock on the reader's wall. Whole days mean the morning, as in Close. */
export function laterTimes(now: Dayjs = wallNow()): LaterTime[] {
  const morning = (day: Dayjs) => day.hour(MORNING_HOUR).minute(0).second(0).millisecond(0);
  const daysUntil = (weekday: number) => (weekday - now.day() + 7) % 7 || 7;
  const named: [LaterName, Dayjs][] = [
    ['laterToday', now.add(3, 'hour').startOf('hour')],
    ['tomorrow', morning(now.add(1, 'day'))],
    ['inTwoDays', morning(now.add(2, 'day'))],
    ['thisWeekend', morning(now.add(daysUntil(6), 'day'))],
    ['nextWeek', morning(now.add(daysUntil(1), 'day'))],
    ['inAMonth', morning(now.add(1, 'month'))],
  ];
  const seen = new Set<number>();
  return named
    .filter(([name]) => name !== 'laterToday' || now.hour() < LAST_HOUR_FOR_LATER_TODAY)
    .filter(([name]) => name !== 'thisWeekend' || (now.day() >= 1 && now.day() <= 4))
    .map(([name, at]) => ({ name, at: momentOnWall(at) }))
    .filter(({ at }) => !seen.has(at.getTime()) && seen.add(at.getTime()))
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}
