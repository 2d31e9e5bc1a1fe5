/** Done, snoozed or back for many at once: a long selection, or the whole view as the second step after "select all". */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { notifyError } from '#/shared/parts/notify';
import { offerUndo } from '#/shared/parts/undo';
import { exactDate } from '#/shared/time/format';
import { changeAll, itemsOf, putBack, type Change, type Kept, type ViewPlace } from './wholeView';

export function useWholeView(place: ViewPlace, onMoved: () => void) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [isBusy, setIsBusy] = useState(false);
  const refresh = async () => {
    await queries.invalidateQueries({ queryKey: ['inbox'] });
    void queries.invalidateQueries({ queryKey: ['inboxCount'] });
  };
  const through = async (run: () => Promise<void>) => {
    setIsBusy(true);
    try { await run(); } catch (error) { notifyError(error); } finally { await refresh(); setIsBusy(false); }
  };
  const move = (change: Change, said: (items: Kept[]) => string, given?: Kept[]) => void through(async () => {
    const items = given ?? await itemsOf(place);
    await changeAll(items, change);
    onMoved();
    const wasDone = place.view === 'archive';
    offerUndo(said(items), () => void through(() => (wasDone ? changeAll(items, { is_complete: true }) : change.date ? putBack(items) : changeAll(items, { is_complete: false }))), 12_000);
  });
  return {
    isBusy,
    done: (given?: Kept[]) => move({ is_complete: true }, (items) => t('inbox.markedDone', { count: items.length }), given),
    reopen: (given?: Kept[]) => move({ is_complete: false }, (items) => t('inbox.reopened', { count: items.length }), given),
    snooze: (until: Date, given?: Kept[]) => move({ is_complete: false, date: until.toISOString() }, (items) => t('inbox.snoozedUntil', { count: items.length, when: exactDate(until) }), given),
  };
}
