/** Sends: the window closes at once, the server holds the email for the undo time, a failure opens the window again. */
import i18next from 'i18next';
import { queryClient } from '#/shared/api/queryClient';
import type { Email } from '#/shared/api/types';
import { closeComposing, openComposing, type Writing } from '#/shared/mail/composing';
import { notifyDone, notifyError } from '#/shared/parts/notify';
import { forgetUndo, offerUndo } from '#/shared/parts/undo';
import { changeEmail, createEmail } from '#/shared/requests/changeEmail';
import { exactDate } from '#/shared/time/format';
import { contentOf } from './content';
import { fill, readerOf } from './filling';
import { findLeadOf, makeLeadOf } from './leadOf';

export async function sendWriting(writing: Writing, undoSeconds: number, at: Date | null): Promise<void> {
  closeComposing();
  const leaving = leave(writing, undoSeconds, at);
  const message = at ? i18next.t('compose.scheduledFor', { when: exactDate(at) }) : i18next.t('compose.sending', { seconds: undoSeconds });
  const undoMs = (at ? 6 : undoSeconds) * 1000;
  const toast = offerUndo(message, () => void takeBack(leaving, writing), undoMs);
  if (!at) setTimeout(() => forgetUndo(toast), undoMs); // what has left cannot be undone
  try {
    const email = await leaving;
    refreshConversation(email);
  } catch (error) {
    forgetUndo(toast);
    openComposing(writing);
    notifyError(error, i18next.t('compose.notSent'));
  }
}

async function leave(writing: Writing, undoSeconds: number, at: Date | null): Promise<Email> {
  const everyone = [...writing.to, ...writing.cc, ...writing.bcc];
  const leadId = writing.leadId ?? (await findLeadOf(everyone)) ?? (await makeLeadOf(everyone[0]!));
  const { subject, html } = await fill(writing, await readerOf(writing, leadId));
  const content = {
    ...contentOf({ ...writing, subject, html, leadId }), ...(at ? { status: 'scheduled' as const, date_scheduled: at.toISOString() } : { status: 'outbox' as const, send_in: undoSeconds }),
  };
  if (!writing.draftId) return createEmail(content);
  const { lead_id: _, ...change } = content; // a draft stays on its lead
  return changeEmail(writing.draftId, change);
}

/** Back to a draft on the server first, so that what is written next is what is sent next. */
async function takeBack(leaving: Promise<Email>, writing: Writing): Promise<void> {
  try {
    const email = await leaving;
    await changeEmail(email.id, { status: 'draft' });
    openComposing({ ...writing, draftId: email.id, leadId: email.lead_id });
    refreshConversation(email);
    notifyDone(i18next.t('compose.takenBack'));
  } catch (error) {
    notifyError(error, i18next.t('compose.tooLate'));
  }
}

function refreshConversation(email: Email): void {
  if (email.thread_id) void queryClient.invalidateQueries({ queryKey: ['thread', email.thread_id] });
  if (email.lead_id) void queryClient.invalidateQueries({ queryKey: ['timeline', email.lead_id] });
}
