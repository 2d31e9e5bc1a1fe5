/** Which tasks of a lead are shown, and how a due day is typed and read. Pure. */
import type { LeadTask } from './taskRequests';

/** What is still to do, the earliest first. */
export const openTasks = (tasks: LeadTask[]): LeadTask[] => tasks.filter((task) => !task.is_complete).toSorted((a, b) => a.date.localeCompare(b.date));

export type Urgency = 'late' | 'today' | 'later';
/** Days are compared as the reader's calendar has them: a task of this morning is not late this afternoon. */
export function urgencyOf(dayOfTask: string, today: string): Urgency {
  if (dayOfTask === today) return 'today';
  return dayOfTask < today ? 'late' : 'later';
}
