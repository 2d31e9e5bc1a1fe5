/** Tasks under the heading of their time. Pure. */
import type { TaskCard } from '#/shared/api/types';
import { urgencyOf, type Urgency } from '#/shared/time/urgency';
import { dayIn } from '#/shared/time/zone';

/** `from`: how many tasks stand before. */
export type Stretch = { name: Urgency | 'done'; tasks: TaskCard[]; from: number };

/** In the order they come in; a heading without tasks is left out. */
export function stretches(tasks: TaskCard[], isDone: boolean, today: string): Stretch[] {
  const found: Stretch[] = [];
  tasks.forEach((task, index) => {
    const name = isDone ? 'done' : urgencyOf(dayIn(new Date(task.date)), today);
    const last = found.at(-1);
    if (last?.name === name) last.tasks.push(task);
    else found.push({ name, tasks: [task], from: index });
  });
  return found;
}
