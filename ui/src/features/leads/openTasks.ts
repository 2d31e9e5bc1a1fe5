/** Which tasks of a lead are shown. Pure. */
import type { LeadTask } from '#/shared/requests/leadTasks';

/** What is still to do, the earliest first. */
export const openTasks = (tasks: LeadTask[]): LeadTask[] => tasks.filter((task) => !task.is_complete).toSorted((a, b) => a.date.localeCompare(b.date));
