/** Which tasks of a lead are shown. Pure. */
import type { LeadTask } from '#/shared/requests/leadTasks';
import { byDue } from '#/shared/time/urgency';

/** What is still to do, the earliest first, what has no date last. */
export const openTasks = (tasks: LeadTask[]): LeadTask[] => tasks.filter((task) => !task.is_complete).toSorted(byDue);
