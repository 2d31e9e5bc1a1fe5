export type Urgency = 'late' | 'today' | 'later';

/** Days are compared as the reader's calendar has them: a task of this morning is not late this afternoon. */
export function urgencyOf(dayOfTask: string, today: string): Urgency {
  if (dayOfTask === today) return 'today';
  return dayOfTask < today ? 'late' : 'later';
}
