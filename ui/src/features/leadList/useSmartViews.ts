import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { SmartView } from '#/shared/api/types';
import { notifyError } from '#/shared/parts/notify';
import { offerUndo } from '#/shared/parts/undo';
import { useViewOrder } from './listSettings';
import { changeView, createView, deleteView, inOrder, moved, smartViewsQuery } from './smartViews';

const NONE: SmartView[] = [];

/** The views in one's own order, and what can be done with one. */
export function useSmartViews() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [viewOrder, setOrder] = useViewOrder();
  const { data = NONE, error, isPending, isFetching, refetch } = useQuery(smartViewsQuery);
  const views = useMemo(() => inOrder(data, viewOrder), [data, viewOrder]);
  const through = async (run: () => Promise<unknown>) => {
    try { await run(); return true; } catch (error) { notifyError(error); return false; } finally { void queries.invalidateQueries({ queryKey: ['smartViews'] }); }
  };
  return {
    views,
    /** Whether a view that is not among them may still come. */
    isReading: isFetching || (isPending && !error),
    failed: error,
    readAgain: () => void refetch(),
    move: (id: string, by: -1 | 1) => setOrder(moved(views.map((view) => view.id), id, by)),
    share: (view: SmartView) => void through(() => changeView(view.id, { is_shared: !view.is_shared })),
    update: (view: SmartView, words: string) => through(() => changeView(view.id, { query: words || '*' })),
    remove: async (view: SmartView) => {
      if (!await through(() => deleteView(view.id))) return;
      const again = { name: view.name, description: view.description, is_shared: view.is_shared, type: view.type, selected_fields: view.selected_fields, ...(view.query === null ? { s_query: view.s_query } : { query: view.query }) };
      offerUndo(t('leadList.deleted', { name: view.name }), () => void through(() => createView(again)));
    },
  };
}
