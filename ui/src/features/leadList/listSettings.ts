/** What a person keeps of the list of leads on the server: the order of the views, and columns where no view says them. */
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, put } from '#/shared/api/client';
import type { SmartView } from '#/shared/api/types';
import { notifyError } from '#/shared/parts/notify';
import { useUser } from '#/shared/requests/authState';
import { DEFAULT_COLUMNS, fieldsOf, columnsIn } from './columns';
import { changeView, smartViewsQuery } from './smartViews';

type Kept = { viewOrder: string[]; columns: string[] | null };

export const listSettingsQuery = queryOptions({
  queryKey: ['leadListSettings'],
  queryFn: async ({ signal }): Promise<Kept> => { const kept = await get('/preferences/', { signal }); return { viewOrder: kept.view_order ?? [], columns: kept.lead_columns ?? null }; },
  staleTime: 5 * 60_000,
});
const NONE: Kept = { viewOrder: [], columns: null };

/** The order of the views, and how it is changed: shown at once, kept on the server. */
export function useViewOrder(): [string[], (ids: string[]) => void] {
  const { data = NONE } = useQuery(listSettingsQuery);
  const keep = useKeep();
  return [data.viewOrder, (viewOrder) => keep({ viewOrder }, () => put('/preferences/', { body: { view_order: viewOrder } }))];
}

/** The columns of what is shown: those of the view, which all who use it share, else one's own. */
export function useColumns(view: SmartView | undefined): [string[], (ids: string[]) => void] {
  const me = useUser();
  const queries = useQueryClient();
  const { data = NONE } = useQuery(listSettingsQuery);
  const keep = useKeep();
  const ofView = view?.selected_fields ? columnsIn(view.selected_fields) : [];
  const shown = ofView.length ? ofView : data.columns?.length ? columnsIn(data.columns) : DEFAULT_COLUMNS;
  const isOwn = view !== undefined && (view.user_id === me.id || me.role === 'admin');
  const choose = (ids: string[]) => {
    const fields = fieldsOf(ids);
    if (!isOwn || !view) { keep({ columns: fields }, () => put('/preferences/', { body: { lead_columns: fields } })); return; }
    queries.setQueryData(smartViewsQuery.queryKey, (old) => old?.map((each) => (each.id === view.id ? { ...each, selected_fields: fields } : each)));
    changeView(view.id, { selected_fields: fields }).catch((error: unknown) => { notifyError(error); void queries.invalidateQueries({ queryKey: smartViewsQuery.queryKey }); });
  };
  return [shown, choose];
}

function useKeep() {
  const queries = useQueryClient();
  return (change: Partial<Kept>, send: () => Promise<unknown>) => {
    queries.setQueryData(listSettingsQuery.queryKey, (old) => ({ ...(old ?? NONE), ...change }));
    send().catch((error: unknown) => { notifyError(error); void queries.invalidateQueries({ queryKey: listSettingsQuery.queryKey }); });
  };
}
