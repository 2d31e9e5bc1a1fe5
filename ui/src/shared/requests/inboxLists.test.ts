import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { InboxTask } from '#/shared/api/types';
import { beginMove, dropTask, endMove, inboxKey, placeTask, refreshInboxTasks } from './inboxLists';

const task = (id: string, day: number, change: Partial<InboxTask> = {}) => ({
  id, view: 'inbox', assigned_to: 'user_1', date: `2026-11-${String(day).padStart(2, '0')}T10:00:00+00:00`, ...change,
}) as InboxTask;
const MINE = inboxKey('inbox', 'user_1');
let queries: QueryClient;
const shown = (key: readonly unknown[]) => queries.getQueryData<{ pages: { data: InboxTask[] }[] }>(key)?.pages.map((page) => page.data.map(({ id }) => id));

beforeEach(() => {
  queries = new QueryClient();
  queries.setQueryData(MINE, { pageParams: [0, 2], pages: [{ data: [task('a', 20), task('b', 18)], has_more: true }, { data: [task('c', 10)], has_more: false }] });
  queries.setQueryData(inboxKey('future', 'user_1'), { pageParams: [0], pages: [{ data: [task('s', 25, { view: 'future' }), task('t', 28, { view: 'future' })], has_more: false }] });
  queries.setQueryData(inboxKey('inbox', 'user_2'), { pageParams: [0], pages: [{ data: [], has_more: false }] });
});

test('an undone item returns to its own date', () => {
  placeTask(queries, task('n', 15));
  expect(shown(MINE)).toEqual([['a', 'b'], ['n', 'c']]);
});

test('a snoozed item leaves the Inbox and stands by its return among the snoozed', () => {
  placeTask(queries, task('b', 26, { view: 'future' }));
  expect(shown(MINE)).toEqual([['a'], ['c']]);
  expect(shown(inboxKey('future', 'user_1'))).toEqual([['s', 'b', 't']]);
});

test('an item behind everything loaded waits for its own page', () => {
  queries.setQueryData(MINE, { pageParams: [0], pages: [{ data: [task('a', 20)], has_more: true }] });
  placeTask(queries, task('old', 1));
  expect(shown(MINE)).toEqual([['a']]);
});

test("a coworker's item does not enter my list", () => {
  placeTask(queries, task('x', 21, { assigned_to: 'user_2' }));
  expect(shown(MINE)).toEqual([['a', 'b'], ['c']]);
  expect(shown(inboxKey('inbox', 'user_2'))).toEqual([['x']]);
});

test('a deleted item leaves every list', () => {
  dropTask(queries, 'c');
  expect(shown(MINE)).toEqual([['a', 'b'], []]);
});

afterEach(() => { vi.unstubAllGlobals(); });

test('what the server says is laid where it belongs, and what it no longer has is dropped', async () => {
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ data: [task('a', 20, { view: 'archive' })], has_more: false })));
  await refreshInboxTasks(queries, ['a', 'b']);
  expect(shown(MINE)).toEqual([[], ['c']]);
});

test('an answer that is older than a change made here does not undo it', async () => {
  let answer: (response: Response) => void = () => undefined;
  vi.stubGlobal('fetch', () => new Promise<Response>((resolve) => { answer = resolve; }));
  const refreshing = refreshInboxTasks(queries, ['a']);
  beginMove('a');
  placeTask(queries, task('a', 20, { view: 'archive' }));
  endMove('a');
  answer(new Response(JSON.stringify({ data: [task('a', 20)], has_more: false })));
  await refreshing;
  expect(shown(MINE)).toEqual([['b'], ['c']]);
});

test("an item of a shared mailbox stands in one's own Inbox and in no coworker's", () => {
  const queries = new QueryClient();
  queries.setQueryData(['auth'], { user: { id: 'me' } });
  for (const who of ['me', 'ben', 'all']) queries.setQueryData(inboxKey('inbox', who), { pages: [{ data: [], has_more: false }], pageParams: [0] });
  placeTask(queries, { id: 'noti_1', view: 'inbox', assigned_to: null, date: '2026-11-22T10:00:00Z' } as InboxTask);
  const among = (who: string) => queries.getQueryData<{ pages: { data: InboxTask[] }[] }>(inboxKey('inbox', who))!.pages[0]!.data.length;
  expect(['me', 'ben', 'all'].map(among)).toEqual([1, 0, 1]);
});

test('an item undone before its Done was answered stays where the undo put it', async () => {
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ data: [task('b', 26, { view: 'future' })], has_more: false })));
  beginMove('b');
  beginMove('b');
  endMove('b');
  await refreshInboxTasks(queries, ['b']);
  expect(shown(MINE)).toEqual([['a', 'b'], ['c']]);
  endMove('b');
  await refreshInboxTasks(queries, ['b']);
  expect(shown(MINE)).toEqual([['a'], ['c']]);
});
