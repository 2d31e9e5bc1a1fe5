/** Saved queries: read, kept, and in the order this person gave them. */
import { queryOptions } from '@tanstack/react-query';
import { del, get, post, put } from '#/shared/api/client';
import type { SmartView, SmartViewWrite } from '#/shared/api/types';

const MOST = 200;

export const smartViewsQuery = queryOptions({
  queryKey: ['smartViews'],
  queryFn: async ({ signal }) => (await get('/saved_search/', { query: { _limit: MOST }, signal })).data,
});

export const createView = (body: SmartViewWrite) => post('/saved_search/', { body });
export const changeView = (id: string, body: SmartViewWrite) => put('/saved_search/{view_id}/', { at: { view_id: id }, body });
export const deleteView = (id: string) => del('/saved_search/{view_id}/', { at: { view_id: id } });

/** The words that a view stands for; one made by an advanced filter is named by its name. */
export const wordsOf = (view: Pick<SmartView, 'query' | 'name'>) => (view.query === null ? `in:"${view.name}"` : view.query === '*' ? '' : view.query);

/** Those that were moved first, in their order; the others as the server has them. */
export function inOrder<T extends { id: string }>(views: T[], order: string[]): T[] {
  const rank = ({ id }: T) => { const at = order.indexOf(id); return at < 0 ? order.length : at; };
  return views.toSorted((a, b) => rank(a) - rank(b));
}

export function moved(ids: string[], id: string, by: -1 | 1): string[] {
  const at = ids.indexOf(id);
  const to = at + by;
  return at < 0 || to < 0 || to >= ids.length ? ids : ids.with(at, ids[to]!).with(to, id);
}
