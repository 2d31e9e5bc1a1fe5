import { expect, test } from 'vitest';
import { usePreferences } from '#/shared/preferences';
import type { TaskCard } from '#/shared/api/types';
import { inOrder, placeOf, stretches } from './stretches';

const tasks = ['2026-11-20T08:00:00+00:00', '2026-11-21T08:00:00+00:00', '2026-11-22T08:00:00+00:00', '2026-11-30T08:00:00+00:00'].map((date, index) => ({ id: `task_${index}`, date, is_dateless: false })) as TaskCard[];

test('what is late comes under one heading, what is due today under the next', () => {
  expect(stretches(tasks, false, '2026-11-22').map(({ name, tasks: some, from }) => [name, some.map((task) => task.id), from])).toEqual([
    ['late', ['task_0', 'task_1'], 0], ['today', ['task_2'], 2], ['later', ['task_3'], 3],
  ]);
});

test('what is done is one list, whenever it was due', () => {
  expect(stretches(tasks, true, '2026-11-22').map(({ name, tasks: some }) => [name, some.length])).toEqual([['done', 4]]);
});

test('a day and a moment of the evening before are in order west of Greenwich', () => {
  usePreferences.setState({ zone: 'America/Los_Angeles' });
  const some = [{ id: 'day', date: '2026-11-22' }, { id: 'evening', date: '2026-11-22T04:00:00+00:00' }, { id: 'noon', date: '2026-11-22T20:00:00+00:00' }].map((task) => ({ ...task, is_dateless: false })) as TaskCard[];
  expect(stretches(inOrder(some, false), false, '2026-11-22').map(({ name, tasks: these }) => [name, these.map((task) => task.id)])).toEqual([['late', ['evening']], ['today', ['day', 'noon']]]);
  usePreferences.setState({ zone: null });
});

test('nothing to do has no heading', () => {
  expect(stretches([], false, '2026-11-22')).toEqual([]);
});

test('what has no date comes last, under a heading of its own', () => {
  const mixed = [{ ...tasks[0], id: 'whenever', date: '2026-11-20', is_dateless: true } as TaskCard, ...tasks];
  expect(stretches(inOrder(mixed, false), false, '2026-11-22').map(({ name, tasks: some, from }) => [name, some.map((task) => task.id), from])).toEqual([
    ['late', ['task_0', 'task_1'], 0], ['today', ['task_2'], 2], ['later', ['task_3'], 3], ['whenever', ['whenever'], 4],
  ]);
  expect(inOrder(mixed, true)).toEqual(mixed);
});

test('a task that is put off goes to its new day at once, so that each heading stands once', () => {
  const putOff = tasks.map((task, index) => (index === 0 ? { ...task, date: '2026-12-06T08:00:00+00:00' } : task));
  expect(stretches(inOrder(putOff, false), false, '2026-11-22').map(({ name, tasks: some }) => [name, some.length])).toEqual([['late', 1], ['today', 1], ['later', 2]]);
  expect(inOrder(tasks.toReversed(), true)).toEqual(tasks.toReversed());
});

test('one stays on the task one stood on when others come or go before it, and takes the next when it is gone', () => {
  const at = { index: 1, id: 'task_1' };
  expect(placeOf([{ ...tasks[0]!, id: 'task_new' }, ...tasks], at)).toBe(2);
  expect(placeOf(tasks.slice(1), at)).toBe(0);
  expect(placeOf(tasks.filter(({ id }) => id !== 'task_1'), at)).toBe(1);
  expect(placeOf(tasks.slice(0, 1), at)).toBe(0);
  expect(placeOf(tasks, { index: -1, id: '' })).toBe(-1);
});
