/** An email of ours on its way out: sent now, later, again, or taken back. Each can be undone while it has not left. */
import type { QueryClient } from '@tanstack/react-query';
import i18next from 'i18next';
import type { Mail } from '#/shared/api/types';
import { notifyError } from '#/shared/parts/notify';
import { forgetUndo, offerUndo } from '#/shared/parts/undo';
import { usePreferences } from '#/shared/preferences';
import { changeEmail } from '#/shared/requests/changeEmail';
import { refreshMail } from '#/shared/requests/mailLists';
import { exactDate } from '#/shared/time/format';
import { openDraft } from './startReply';

type Moving = Pick<Mail, 'id' | 'status' | 'date_scheduled'>;

/** Only drafts are changed: what waits or failed becomes one first. */
async function asDraft(email: Moving): Promise<void> {
  if (email.status !== 'draft') await changeEmail(email.id, { status: 'draft' });
}

async function through(queries: QueryClient, email: Moving, run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    notifyError(error);
    return false;
  } finally {
    void refreshMail(queries, [email.id]);
    void queries.invalidateQueries({ queryKey: ['mailCount'] });
    void queries.invalidateQueries({ queryKey: ['thread'] });
    void queries.invalidateQueries({ queryKey: ['email', email.id] });
  }
}

/** Back to a draft, and open in the window for writing. */
export async function editEmail(queries: QueryClient, email: Moving): Promise<void> {
  if (email.status === 'draft' || await through(queries, email, () => asDraft(email))) await openDraft(email.id);
}

export async function sendEmailNow(queries: QueryClient, email: Moving): Promise<void> {
  const seconds = usePreferences.getState().undoSeconds;
  const isLeaving = await through(queries, email, async () => {
    await asDraft(email);
    await changeEmail(email.id, { status: 'outbox', send_in: seconds });
  });
  if (!isLeaving) return;
  const toast = offerUndo(i18next.t('compose.sending', { seconds }), () => void putBack(queries, email), seconds * 1000);
  setTimeout(() => forgetUndo(toast), seconds * 1000);
}

export async function scheduleEmail(queries: QueryClient, email: Moving, at: Date): Promise<void> {
  const isScheduled = await through(queries, email, async () => {
    await asDraft(email);
    await changeEmail(email.id, { status: 'scheduled', date_scheduled: at.toISOString() });
  });
  if (isScheduled) offerUndo(i18next.t('compose.scheduledFor', { when: exactDate(at) }), () => void putBack(queries, email));
}

/** As it stood before: a draft, or scheduled for its old time. What had failed stays a draft. */
const putBack = (queries: QueryClient, email: Moving) => through(queries, email, async () => {
  await changeEmail(email.id, { status: 'draft' });
  if (email.status === 'scheduled' && email.date_scheduled) await changeEmail(email.id, { status: 'scheduled', date_scheduled: email.date_scheduled });
});
