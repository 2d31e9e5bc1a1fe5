/** Keeps the cache true while the page is open: one stream of changes, each laid onto what it concerns. */
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { create } from 'zustand';
import { shareLive } from '#/shared/api/sharedLive';
import type { LiveChange } from '#/shared/api/types';
import { authStateQuery } from '#/shared/requests/authState';
import { refreshInboxTasks } from '#/shared/requests/inboxLists';
import { refreshMail } from '#/shared/requests/mailLists';

const LOST_AFTER_MS = 4000; // a short break is no news
export const useLiveState = create<{ isLost: boolean }>(() => ({ isLost: false }));

export function useLive(userId: string): void {
  const queries = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const place = queries.getQueryData(authStateQuery.queryKey)?.place ?? null;
    const stop = shareLive(userId, place, {
      onChanges: (changes) => applyChanges(queries, changes),
      onGap: () => void queries.invalidateQueries(),
      onState: (isConnected) => {
        clearTimeout(timer);
        if (isConnected) useLiveState.setState({ isLost: false });
        else timer = setTimeout(() => useLiveState.setState({ isLost: true }), LOST_AFTER_MS);
      },
    });
    return () => { clearTimeout(timer); stop(); };
  }, [queries, userId]);
}

export function applyChanges(queries: QueryClient, changes: LiveChange[]): void {
  const ids = (type: string) => [...new Set(changes.filter((change) => change.object_type === type).map((change) => change.object_id))];
  const has = (type: string) => changes.some((change) => change.object_type.startsWith(type));
  const refresh = (...queryKey: string[]) => void queries.invalidateQueries({ queryKey });
  const leads = new Set(changes.flatMap((change) => (change.lead_id ? [change.lead_id] : [])));

  const tasks = ids('task.incoming_email');
  if (tasks.length) {
    void refreshInboxTasks(queries, tasks);
    refresh('inboxCount');
  }
  if (has('activity.email')) {
    for (const id of ids('activity.email_thread')) refresh('thread', id);
    if (!ids('activity.email_thread').length) refresh('thread');
    for (const id of ids('activity.email')) void queries.invalidateQueries({ queryKey: ['email', id], refetchType: 'none' });
    for (const lead of leads) refresh('timeline', lead);
    void refreshMail(queries, ids('activity.email'));
    refresh('mailCount');
  }
  if (has('activity.') || has('opportunity') || has('task.')) {
    for (const lead of leads) { refresh('timeline', lead); refresh('lead', lead); }
  }
  if (has('task.lead') || has('task.outgoing_call') || has('task.email_followup')) { refresh('tasks'); refresh('inboxCount'); }
  if (has('saved_search')) refresh('smartViews');
  if (has('comment')) { refresh('comments'); for (const lead of leads) refresh('timeline', lead); }
  if (has('status.') || has('pipeline') || has('custom_fields') || has('custom_activity_type') || has('integration_link')) refresh('setup');
  if (has('lead') || has('contact')) {
    for (const lead of leads) { refresh('lead', lead); refresh('timeline', lead); } // a conversation that is kept from us now is not named
    for (const lead of ids('lead')) refresh('lead', lead);
    // A long list is not read again page by page; it is when it is next opened.
    void queries.invalidateQueries({ queryKey: ['leads'], refetchType: 'none' });
  }
  if (has('bulk_action.email')) {
    for (const id of ids('bulk_action.email')) void queries.invalidateQueries({ queryKey: ['bulk', id] });
    refresh('bulkList');
  }
  if (has('unsubscribed_email') || has('suppressed_email')) refresh('suppression', 'list');
  if (has('sending_domain')) refresh('sendingDomains');
  if (has('membership') || has('user')) { refresh('access', 'people'); refresh('users'); }
  if (has('group')) refresh('access', 'groups');
  if (has('connected_account')) {
    refresh('accounts');
    for (const id of ids('connected_account')) refresh('syncStatus', id);
  }
}
