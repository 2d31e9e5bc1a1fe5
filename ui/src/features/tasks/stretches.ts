/** Tasks under the heading of their time. Pure. */
import type { TaskCard } from '#/shared/api/types';
import { dueDay, urgencyOf, type Urgency } from '#/shared/time/urgency';

/** `from`: how many tasks stand before. */
export type Stretch = { name: Urgency | 'whenever' | 'done'; tasks: TaskCard[]; from: number };

/** What has no date comes last: it stands among the others by the day it was written. */
export const inOrder = (tasks: TaskCard[], isDone: boolean) => (isDone ? tasks : [...tasks.filter((task) => !task.is_dateless), ...tasks.filter((task) => task.is_dateless)]);

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
