/** Opens the dock with an answer, as soon as the answered email's text is there. */
import i18next from 'i18next';
import { useEffect } from 'react';
import { queryClient } from '#/shared/api/queryClient';
import type { Email } from '#/shared/api/types';
import { holdKeys, releaseKeys } from '#/shared/commands/heldKeys';
import { notifyError } from '#/shared/parts/notify';
import { accountsQuery } from '#/shared/requests/accounts';
import { authStateQuery } from '#/shared/requests/authState';
import { emailQuery } from '#/shared/requests/email';
import { threadQuery } from '#/shared/requests/thread';
import { fullDate } from '#/shared/time/format';
import { openComposing } from './composing';
import { forwardOf, forwardQuoteOf, newestOut, quoteOf, replyAllTo, replyTo, writingOf } from './reply';

const QUOTED_FOR_MS = 10 * 60_000; // what was written does not change; what changed it would be told live

export type Answer = 'reply' | 'replyAll' | 'forward';

const READY_AFTER_MS = 400; // whoever hurries through the list answers none of these

/** Fetches what an answer quotes while the email is being read: answering must not wait for it. */
export function useReadyAnswer(emailId: string | undefined): void {
  useEffect(() => {
    if (!emailId) return;
    const timer = setTimeout(() => {
      void queryClient.prefetchQuery(emailQuery(emailId));
      void queryClient.prefetchQuery(accountsQuery);
    }, READY_AFTER_MS);
    return () => clearTimeout(timer);
  }, [emailId]);
}

export async function startReply(emailId: string, answer: Answer): Promise<void> {
  holdKeys(); // the first letters may be typed before the text has come
  try {
    const [email, all, { user }] = await Promise.all([queryClient.fetchQuery({ ...emailQuery(emailId), staleTime: QUOTED_FOR_MS }), queryClient.ensureQueryData(accountsQuery), queryClient.ensureQueryData(authStateQuery)]);
    // A coworker's account is not ours: a coworker in copy stays in copy.
    const accounts = all.filter((account) => account.user_id === null || account.user_id === user?.id);
    if (answer === 'forward') openComposing(forwardOf(email, accounts, forwardQuote(email)));
    else openComposing((answer === 'reply' ? replyTo : replyAllTo)(email, accounts, replyQuote(email)));
  } catch (error) {
    releaseKeys();
    notifyError(error);
  }
}

/** The same for the newest email of a conversation that went or came. */
export async function answerThread(threadId: string, answer: Answer): Promise<void> {
  holdKeys();
  try {
    const newest = newestOut((await queryClient.fetchQuery(threadQuery(threadId))).emails);
    if (newest) await startReply(newest.id, answer);
    else releaseKeys();
  } catch (error) {
    releaseKeys();
    notifyError(error);
  }
}

export async function openDraft(emailId: string): Promise<void> {
  try {
    openComposing(writingOf(await queryClient.fetchQuery({ ...emailQuery(emailId), staleTime: 0 })));
  } catch (error) {
    notifyError(error);
  }
}

const when = (email: Email) => fullDate(email.activity_at ?? email.date_created);
const replyQuote = (email: Email) => quoteOf(email, i18next.t('mail.wrote', { when: when(email), who: email.sender ?? '' }));
const forwardQuote = (email: Email) => forwardQuoteOf(email, [
  [i18next.t('mail.from'), email.sender ?? ''], [i18next.t('mail.date'), when(email)], [i18next.t('mail.subject'), email.subject ?? ''],
  [i18next.t('mail.to'), email.to.join(', ')], [i18next.t('mail.cc'), email.cc.join(', ')],
]);
