/** Tasks under the heading of their time. Pure. */
import type { TaskCard } from '#/shared/api/types';
import { byDue, dueDay, urgencyOf, type Urgency } from '#/shared/time/urgency';

/** `from`: how many tasks stand before. */
export type Stretch = { name: Urgency | 'whenever' | 'done'; tasks: TaskCard[]; from: number };

/** By day, also while a new day of one has not come back from the server yet: a heading that stood twice would stay on the page. */
export const inOrder = (tasks: TaskCard[], isDone: boolean): TaskCard[] => (isDone ? tasks : tasks.toSorted(byDue));

/** Where the task that one stood on is now, whatever has come or gone before it; where it is gone, what took its place. */
export function placeOf(tasks: TaskCard[], at: { index: number; id: string }): number {
  const found = tasks.findIndex(({ id }) => id === at.id);
  return found < 0 ? Math.min(at.index, tasks.length - 1) : found;
}

/** In the order they come in; a heading without tasks is left out. */
export function stretches(tasks: TaskCard[], isDone: boolean, today: string): Stretch[] {
  const found: Stretch[] = [];
  tasks.forEach((task, index) => {
    const name = isDone ? 'done' : task.is_dateless ? 'whenever' : urgencyOf(dueDay(task), today);
    const last = found.at(-1);
    if (last?.name === name) last.tasks.push(task);
    else found.push({ name, tasks: [task], from: index });
  });
  return found;
}
