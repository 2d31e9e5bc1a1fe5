import { ActionIcon, Button, Checkbox, Text, Tooltip } from '@mantine/core';
import { IconPencil, IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Lead } from '#/shared/api/types';
import { notifyError } from '#/shared/parts/notify';
import { offerUndo } from '#/shared/parts/undo';
import { useUser } from '#/shared/requests/authState';
import { changeTask, refreshTasks, type LeadTask } from '#/shared/requests/leadTasks';
import { userName, usersQuery } from '#/shared/requests/users';
import { fullDate, shortDay } from '#/shared/time/format';
import { dueDay, urgencyOf } from '#/shared/time/urgency';
import { today } from '#/shared/time/zone';
import { openTasks } from './openTasks';
import { TaskForm } from './TaskForm';
import classes from './leads.module.css';

/** What is still to do for a lead: ticked off, added and changed in place. */
export function TaskPanel({ lead }: { lead: Lead }) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState<string | null>(null);
  const close = () => setEditing(null);
  const open = openTasks(lead.tasks);
  return (
    <div className={classes.panel}>
      <div className={classes.contactsHead}>
        <Text component="h2" fw={600} size="sm">{t('tasks.title')}</Text>
        <Button size="compact-xs" variant="subtle" leftSection={<IconPlus size={14} />} aria-label={t('tasks.addLabel')} onClick={() => setEditing('new')}>{t('tasks.add')}</Button>
      </div>
      {editing === 'new' && <TaskForm leadId={lead.id} onClose={close} />}
      {open.map((task) => (editing === task.id
        ? <TaskForm key={task.id} leadId={lead.id} task={task} onClose={close} />
        : <TaskLine key={task.id} task={task} onEdit={() => setEditing(task.id)} />))}
      {!open.length && editing !== 'new' && <Text size="sm" c="var(--text-3)" py={4}>{t('tasks.none')}</Text>}
    </div>
  );
}

function TaskLine({ task, onEdit }: { task: LeadTask; onEdit: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const me = useUser();
  const { data: users = [] } = useQuery(usersQuery);
  const text = task.text || t('tasks.nameless');
  const owner = task.assigned_to && task.assigned_to !== me.id ? users.find((user) => user.id === task.assigned_to) : undefined;
  const refresh = () => refreshTasks(queries, task.lead_id);
  const tick = useMutation({
    mutationFn: (isDone: boolean) => changeTask(task.id, { is_complete: isDone }),
    onSuccess: (_answer, isDone) => { void refresh(); if (isDone) offerUndo(t('tasks.ticked', { text }), () => tick.mutate(false)); },
    onError: (error) => notifyError(error),
  });
  const urgency = task.is_dateless ? undefined : urgencyOf(dueDay(task), today());
  return (
    <div className={classes.task}>
      <Checkbox size="sm" mt={1} checked={tick.isPending} disabled={tick.isPending} aria-label={t('tasks.tick', { text })} onChange={() => tick.mutate(true)} />
      <div className={classes.contactText}>
        <Text size="sm" className={classes.taskText} lineClamp={4}>{text}</Text>
        <Text size="xs" className={classes.due} data-urgency={urgency} title={task.is_dateless ? undefined : fullDate(task.date)}>
          {!urgency ? t('tasks.noDate') : urgency === 'today' ? t('tasks.today') : urgency === 'late' ? t('tasks.late', { day: shortDay(task.date) }) : t('tasks.due', { day: shortDay(task.date) })}{owner && ` · ${userName(owner)}`}
        </Text>
      </div>
      <Tooltip label={t('general.edit')}><ActionIcon size={28} aria-label={t('tasks.edit', { text })} onClick={onEdit}><IconPencil size={15} /></ActionIcon></Tooltip>
    </div>
  );
}
