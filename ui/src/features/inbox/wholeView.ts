/** Everything in a view, also what is not on the screen: its ids first, so that what arrives meanwhile stays. */
import { get, put } from '#/shared/api/client';
import type { InboxTask, InboxView, Page } from '#/shared/api/types';
import { inboxFilter } from '#/shared/requests/inboxLists';

const AT_ONCE = 200;
const SIDE_BY_SIDE = 6;
export type ViewPlace = { view: InboxView; who: string; account: string };
/** An item with what is needed to put it back. */
export type Kept = Pick<InboxTask, 'id' | 'date'>;
export type Change = { is_complete: boolean; date?: string };

export async function itemsOf({ view, who, account }: ViewPlace): Promise<Kept[]> {
  const found: Kept[] = [];
  for (;;) {
    const query = { ...inboxFilter(view, who, account), _fields: 'id,date', _order_by: '-date_created', _skip: found.length, _limit: AT_ONCE };
    const page = await get('/task/', { query }) as unknown as Page<Kept>;
    found.push(...page.data);
    if (!page.has_more) return found;
  }
}

/** The same change for all of these, in as few requests as the server takes. */
export async function changeAll(items: Kept[], change: Change): Promise<void> {
  for (let at = 0; at < items.length; at += AT_ONCE) {
    await put('/task/', { query: { id__in: items.slice(at, at + AT_ONCE).map((item) => item.id).join() }, body: change });
  }
}

/** Each back to its own moment. */
export async function putBack(items: Kept[]): Promise<void> {
  const waiting = [...items];
  const work = async () => {
    for (let item = waiting.shift(); item; item = waiting.shift()) {
      await put('/task/{task_id}/', { at: { task_id: item.id }, body: { is_complete: false, date: item.date } });
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
}
