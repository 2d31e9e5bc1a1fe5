import { dayIn } from './zone';

export type Urgency = 'late' | 'today' | 'later';

/** The day of a task in the reader's calendar. "2026-11-22" is that day wherever it is read. */
export const dueDay = ({ date }: { date: string }) => (date.length === 10 ? date : dayIn(new Date(date)));

type Due = { date: string; is_dateless: boolean };
/** By day, what is for the whole day first; what has no date last. The server goes by midnight in UTC, which here may be another day. */
export const byDue = (a: Due, b: Due) => Number(a.is_dateless) - Number(b.is_dateless) || dueDay(a).localeCompare(dueDay(b)) || a.date.localeCompare(b.date);

/** Days are compared as the reader's calendar has them: a task of this morning is not late this afternoon. */
export function urgencyOf(dayOfTask: string, today: string): Urgency {
  if (dayOfTask === today) return 'today';
  return dayOfTask < today ? 'late' : 'later';
}
