/**
 * Throwing away what was written: gone from the screen at once, from the server when it can no longer be undone. Files
 * live and die with their email, so an email deleted first could not come back whole.
 */
import type { QueryClient } from '@tanstack/react-query';
import i18next from 'i18next';
import { create } from 'zustand';
import { apiUrl } from '#/shared/api/client';
import { notifyError } from '#/shared/parts/notify';
import { forgetUndo, offerUndo } from '#/shared/parts/undo';
import { changeEmail, deleteEmail } from '#/shared/requests/changeEmail';

const UNDO_MS = 6000;
type Going = { ids: ReadonlySet<string> };
/** Emails on their way out: lists leave them out. */
export const useDiscarded = create<Going>(() => ({ ids: new Set() }));

const change = (ids: string[], isGoing: boolean) => useDiscarded.setState(({ ids: old }) => {
  const next = new Set(old);
  for (const id of ids) if (isGoing) next.add(id); else next.delete(id);
  return { ids: next };
});

/** `queued`: those that wait to be sent; they are taken back first, so that none leaves meanwhile. */
export function discardEmails(queries: QueryClient, ids: string[], queued: string[] = [], onUndo?: () => void): void {
  change(ids, true);
  const takenBack = Promise.all(queued.map((id) => changeEmail(id, { status: 'draft' })));
  takenBack.catch((error: unknown) => { stop(); change(ids, false); notifyError(error); });
  const flush = () => { for (const id of ids) void fetch(apiUrl(`/activity/email/${id}/`), { method: 'DELETE', keepalive: true, headers: { 'X-Postroom': '1' } }); };
  const stop = () => { clearTimeout(timer); removeEventListener('pagehide', flush); forgetUndo(toast); };
  const finish = async () => {
    stop();
    try {
      await takenBack;
      await Promise.all(ids.map(deleteEmail));
    } catch (error) {
      notifyError(error);
    }
    await queries.invalidateQueries({ queryKey: ['mail'] });
    void queries.invalidateQueries({ queryKey: ['mailCount'] });
    void queries.invalidateQueries({ queryKey: ['thread'] });
    change(ids, false);
  };
  const timer = setTimeout(() => void finish(), UNDO_MS);
  addEventListener('pagehide', flush);
  const toast = offerUndo(i18next.t('mail.discarded', { count: ids.length }), () => { stop(); change(ids, false); onUndo?.(); }, UNDO_MS);
}
