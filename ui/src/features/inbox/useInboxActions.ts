/** What can be done with Inbox items: each with its toast, its undo and the step to the next one. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InboxTask, InboxView } from '#/shared/api/types';
import { notifyError } from '#/shared/parts/notify';
import { offerUndo } from '#/shared/parts/undo';
import { usePreferences } from '#/shared/preferences';
import { changeTask } from '#/shared/requests/inboxLists';
import { markThreadRead } from '#/shared/requests/markRead';
import { exactDate } from '#/shared/time/format';
import { isForEveryone } from './forEveryone';
import { useMoveTask } from './moveTask';

type Around = { items: InboxTask[]; openId: string | undefined; isPhone: boolean; onOpen: (id: string | undefined) => void; onMoved: () => void };

export function useInboxActions({ items, openId, isPhone, onOpen, onMoved }: Around) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [said, setSaid] = useState(''); // read out by the live region
  const afterDone = usePreferences((state) => state.afterDone);
  const move = useMoveTask();

  const leave = (tasks: InboxTask[]) => {
    const gone = new Set(tasks.map((task) => task.id));
    onMoved();
    if (!openId || !gone.has(openId)) return;
    const at = items.findIndex((task) => task.id === openId);
    const after = items.slice(at + 1).find((task) => !gone.has(task.id));
    const before = items.slice(0, Math.max(at, 0)).findLast((task) => !gone.has(task.id));
    if (isPhone || afterDone === 'list') onOpen(undefined);
    else onOpen((afterDone === 'next' ? after ?? before : before ?? after)?.id);
  };

  const moveAll = (tasks: InboxTask[], to: InboxView, message: string, date?: string) => {
    if (!tasks.length) return;
    for (const task of tasks) move.mutate({ task, to, ...(date === undefined ? {} : { date }) });
    leave(tasks);
    setSaid(message);
    offerUndo(message, () => {
      for (const task of tasks) move.mutate({ task: { ...task, view: to }, to: task.view, date: task.date });
      if (tasks.length === 1) onOpen(tasks[0]!.id);
      setSaid(t('inbox.undone'));
    });
  };

  const setRead = (tasks: InboxTask[], isRead: boolean) => {
    for (const { id, object_id: threadId } of tasks) {
      if (!threadId) continue;
      changeTask(queries, id, { is_unread: !isRead });
      markThreadRead(threadId, isRead).catch((error: unknown) => { changeTask(queries, id, { is_unread: isRead }); notifyError(error); });
    }
  };
  const unread = (tasks: InboxTask[]) => {
    const read = tasks.filter((task) => !task.is_unread);
    if (!tasks.length) return;
    const message = t('inbox.markedUnread', { count: tasks.length });
    setRead(read, false);
    onMoved();
    if (openId && tasks.some((task) => task.id === openId)) onOpen(undefined);
    setSaid(message);
    offerUndo(message, () => { setRead(read, true); if (tasks.length === 1) onOpen(tasks[0]!.id); setSaid(t('inbox.undone')); });
  };

  return {
    said, unread,
    done: (tasks: InboxTask[]) => moveAll(tasks, 'archive', t(tasks.some(isForEveryone) ? 'inbox.markedDoneForEveryone' : 'inbox.markedDone', { count: tasks.length })),
    reopen: (tasks: InboxTask[]) => moveAll(tasks, 'inbox', t('inbox.reopened', { count: tasks.length }), new Date().toISOString()),
    snooze: (tasks: InboxTask[], until: Date) => moveAll(tasks, 'future', t('inbox.snoozedUntil', { count: tasks.length, when: exactDate(until) }), until.toISOString()),
  };
}
