/** Which tasks of a lead are shown. Pure. */
import type { LeadTask } from '#/shared/requests/leadTasks';

/** What is still to do, the earliest first, what has no date last. */
export const openTasks = (tasks: LeadTask[]): LeadTask[] => tasks.filter((task) => !task.is_complete).toSorted((a, b) => Number(a.is_dateless) - Number(b.is_dateless) || a.date.localeCompare(b.date));
