/** The Inbox lists in the cache, and how one item moves between them without reading any list again. */
import { infiniteQueryOptions, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { get } from '#/shared/api/client';
import type { InboxTask, InboxView, Page } from '#/shared/api/types';

/** `who` is a user's id, or "all". */
export const inboxKey = (view: InboxView, who: string) => ['inbox', view, who] as const;
type InboxKey = ReturnType<typeof inboxKey>;
type Pages = InfiniteData<Page<InboxTask>, number>;

const FIRST_PAGE = 50;
const NEXT_PAGES = 200;
/** Snoozed items come back in this order; the others are newest first. */
const isAscending = (view: InboxView) => view === 'future';

export const inboxQuery = (view: InboxView, who: string) => infiniteQueryOptions({
  queryKey: inboxKey(view, who),
  initialPageParam: 0,
  queryFn: ({ pageParam, signal }) => get('/task/', {
    query: {
      _type: 'incoming_email', view, ...(who === 'all' ? {} : { assigned_to: who }), _order_by: isAscending(view) ? 'date' : '-date',
      _skip: pageParam, _limit: pageParam ? NEXT_PAGES : FIRST_PAGE,
    }, signal,
  }) as Promise<Page<InboxTask>>,
  getNextPageParam: (last, pages) => (last.has_more ? pages.reduce((sum, page) => sum + page.data.length, 0) : undefined),
});

const eachList = (queries: QueryClient) => queries.getQueriesData<Pages>({ queryKey: ['inbox'] }) as unknown as [InboxKey, Pages | undefined][];
const without = (pages: Pages, id: string): Pages => ({ ...pages, pages: pages.pages.map((page) => ({ ...page, data: page.data.filter((task) => task.id !== id) })) });
const when = (task: InboxTask) => Date.parse(task.date ?? task.date_created);

/** Where a task belongs among others: after all that come before it. */
function withTask(pages: Pages, task: InboxTask, view: InboxView): Pages {
  const comesBefore = (other: InboxTask) => (isAscending(view) ? when(other) < when(task) : when(other) > when(task));
  const at = pages.pages.findIndex((page) => page.data.some((other) => !comesBefore(other)));
  const isEnd = at < 0;
  const last = pages.pages.length - 1;
  // Behind everything loaded while more waits on the server: it will come with its own page.
  if (isEnd && pages.pages[last]?.has_more) return pages;
  return {
    ...pages,
    pages: pages.pages.map((page, index) => {
      if (index !== (isEnd ? last : at)) return page;
      const place = page.data.findIndex((other) => !comesBefore(other));
      return { ...page, data: page.data.toSpliced(place < 0 ? page.data.length : place, 0, task) };
    }),
  };
}

/** Puts a task where its view, person and date say, and nowhere else. */
export function placeTask(queries: QueryClient, task: InboxTask): void {
  for (const [key, pages] of eachList(queries)) {
    if (!pages) continue;
    const [, view, who] = key;
    const isHere = view === task.view && (who === 'all' || who === task.assigned_to);
    const rest = without(pages, task.id);
    queries.setQueryData<Pages>(key, isHere ? withTask(rest, task, view) : rest);
  }
}

export function dropTask(queries: QueryClient, id: string): void {
  for (const [key, pages] of eachList(queries)) if (pages) queries.setQueryData<Pages>(key, without(pages, id));
}

export function changeTask(queries: QueryClient, id: string, change: Partial<InboxTask>): void {
  for (const [key, pages] of eachList(queries)) {
    if (!pages) continue;
    queries.setQueryData<Pages>(key, {
      ...pages, pages: pages.pages.map((page) => ({ ...page, data: page.data.map((task) => (task.id === id ? { ...task, ...change } : task)) })),
    });
  }
}

/** Items whose own change is on its way, and how often each was changed: an older state must not undo it on the screen. */
const moving = new Set<string>();
const timesMoved = new Map<string, number>();
export function beginMove(id: string): void {
  moving.add(id);
  timesMoved.set(id, (timesMoved.get(id) ?? 0) + 1);
}
export const endMove = (id: string) => void moving.delete(id);

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
