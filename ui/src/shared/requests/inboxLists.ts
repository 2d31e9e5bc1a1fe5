/** The Inbox lists in the cache, and how one item moves between them without reading any list again. */
import { infiniteQueryOptions, type QueryClient } from '@tanstack/react-query';
import { get } from '#/shared/api/client';
import type { InboxTask, InboxView, Page } from '#/shared/api/types';
import { authStateQuery } from './authState';
import { nextSkip, pageSize, withChangedItem, withItem, withoutItem, type Pages } from './pagedLists';

/** `who` is a user's id, or "all"; `account` narrows to one account. */
export const inboxKey = (view: InboxView, who: string, account = '') => ['inbox', view, who, account] as const;
type InboxKey = ReturnType<typeof inboxKey>;

/** Snoozed items come back in this order; the others are newest first. */
const isAscending = (view: InboxView) => view === 'future';
export const inboxFilter = (view: InboxView, who: string, account = '') => ({
  _type: 'incoming_email', view, ...(who === 'all' ? {} : { assigned_to: who }), ...(account ? { email_account_id: account } : {}),
});

export const inboxQuery = (view: InboxView, who: string, account = '') => infiniteQueryOptions({
  queryKey: inboxKey(view, who, account),
  initialPageParam: 0,
  queryFn: ({ pageParam, signal }) => get('/task/', {
    query: { ...inboxFilter(view, who, account), _order_by: isAscending(view) ? 'date' : '-date', _skip: pageParam, _limit: pageSize(pageParam) }, signal,
  }) as Promise<Page<InboxTask>>,
  getNextPageParam: nextSkip,
});

const eachList = (queries: QueryClient) => queries.getQueriesData<Pages<InboxTask>>({ queryKey: ['inbox'] }) as unknown as [InboxKey, Pages<InboxTask> | undefined][];
const when = (task: InboxTask) => Date.parse(task.date ?? task.date_created);

/** Puts a task where its view, person and date say, and nowhere else. */
export function placeTask(queries: QueryClient, task: InboxTask): void {
  const me = queries.getQueryData(authStateQuery.queryKey)?.user?.id;
  for (const [key, pages] of eachList(queries)) {
    if (!pages) continue;
    const [, view, who, account] = key;
    // What is assigned to nobody is of a shared mailbox, and stands in one's own Inbox.
    const isWhose = who === 'all' || who === (task.assigned_to ?? me);
    const isHere = view === task.view && isWhose && (!account || account === task.email_account_id);
    const rest = withoutItem(pages, task.id);
    const comesBefore = (other: InboxTask) => (isAscending(view) ? when(other) < when(task) : when(other) > when(task));
    queries.setQueryData(key, isHere ? withItem(rest, task, comesBefore) : rest);
  }
}

export function dropTask(queries: QueryClient, id: string): void {
  for (const [key, pages] of eachList(queries)) if (pages) queries.setQueryData(key, withoutItem(pages, id));
}

export function changeTask(queries: QueryClient, id: string, change: Partial<InboxTask>): void {
  for (const [key, pages] of eachList(queries)) if (pages) queries.setQueryData(key, withChangedItem(pages, id, change));
}

/** Items whose own change is on its way, and how often each was changed: an older state must not undo it on the screen. */
const moving = new Map<string, number>();
const timesMoved = new Map<string, number>();
export function beginMove(id: string): void {
  moving.set(id, (moving.get(id) ?? 0) + 1);
  timesMoved.set(id, (timesMoved.get(id) ?? 0) + 1);
}
/** Undone before the server has answered, an item is on two ways at once: it has arrived with the last. */
export function endMove(id: string): void {
  const left = (moving.get(id) ?? 1) - 1;
  if (left > 0) moving.set(id, left); else moving.delete(id);
}

/** The server said that these changed: read them, and lay each where it belongs. */
export async function refreshInboxTasks(queries: QueryClient, ids: string[]): Promise<void> {
  const wanted = ids.filter((id) => !moving.has(id));
  if (!wanted.length) return;
  const before = new Map(wanted.map((id) => [id, timesMoved.get(id)]));
  const { data } = await get('/task/', { query: { id__in: wanted.join(), _type: 'incoming_email', _limit: wanted.length } }) as Page<InboxTask>;
  const found = new Map(data.map((task) => [task.id, task]));
  for (const id of wanted) {
    if (moving.has(id) || timesMoved.get(id) !== before.get(id)) continue; // changed here while the answer was on its way
    const task = found.get(id);
    if (task) placeTask(queries, task); else dropTask(queries, id);
  }
}
