/** What can be done with a task of the list: shown at once, made true behind it, and undone. */
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { TaskCard } from '#/shared/api/types';
import { notifyError } from '#/shared/parts/notify';
import { offerUndo } from '#/shared/parts/undo';
import { changeTask, refreshTasks, tasksQuery, type TaskChange } from '#/shared/requests/leadTasks';
import { withChangedItem, withoutItem, type Pages } from '#/shared/requests/pagedLists';
import { exactDate } from '#/shared/time/format';

export function useTaskActions(isDone: boolean, who: string) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { queryKey } = tasksQuery(isDone, who);

  const change = async (task: TaskCard, wanted: TaskChange) => {
    await queries.cancelQueries({ queryKey });
    const leaves = wanted.is_complete !== undefined && wanted.is_complete !== isDone;
    queries.setQueryData<Pages<TaskCard>>(queryKey, (pages) => pages && (leaves ? withoutItem(pages, task.id) : withChangedItem(pages, task.id, wanted)));
    try { await changeTask(task.id, wanted); } catch (error) { notifyError(error); }
    await refreshTasks(queries, task.lead_id);
  };

  return {
    tick: (task: TaskCard) => {
      const text = task.text || t('tasks.nameless');
      void change(task, { is_complete: !task.is_complete });
      offerUndo(t(task.is_complete ? 'tasks.reopened' : 'tasks.ticked', { text }), () => void change(task, { is_complete: task.is_complete }));
    },
    putOff: (task: TaskCard, until: Date) => {
      void change(task, { date: until.toISOString(), is_dateless: false });
      offerUndo(t('tasks.putOffUntil', { when: exactDate(until) }), () => void change(task, task.is_dateless ? { is_dateless: true } : { date: task.date }));
    },
    /** The lead, at the conversation that nobody answered. */
    open: (task: TaskCard) => {
      const thread = task.object_type === 'emailthread' ? task.object_id : null;
      void navigate({ to: '/leads/$leadId', params: { leadId: task.lead_id }, search: thread ? { thread } : {} });
    },
  };
}
