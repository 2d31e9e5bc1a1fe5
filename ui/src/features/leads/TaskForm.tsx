import { ActionIcon, Button, Group, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { explainError } from '#/shared/parts/explainError';
import { Notice } from '#/shared/parts/Notice';
import { offerUndo } from '#/shared/parts/undo';
import { useUser } from '#/shared/requests/authState';
import { addTask, changeTask, deleteTask, refreshTasks, type LeadTask, type TaskWrite } from '#/shared/requests/leadTasks';
import { userName, usersQuery } from '#/shared/requests/users';
import { dueDay } from '#/shared/time/urgency';
import { momentAt, today } from '#/shared/time/zone';
import classes from './leads.module.css';

type Props = { leadId: string; task?: LeadTask; onClose: () => void };
const MORNING = '08:00';

/** What is to do, by when, and who does it. Without a day it has no date. */
export function TaskForm({ leadId, task, onClose }: Props) {
  const { t } = useTranslation();
  const me = useUser();
  const queries = useQueryClient();
  const { data: users = [] } = useQuery(usersQuery);
  const [text, setText] = useState(task?.text ?? '');
  const [day, setDay] = useState(!task ? today() : task.is_dateless ? '' : dueDay(task));
  const [owner, setOwner] = useState(task?.assigned_to ?? me.id);
  const refresh = () => void refreshTasks(queries, leadId);
  const done = () => { refresh(); onClose(); };
  // A task keeps its hour while its day is not changed.
  const due = () => (!day ? { is_dateless: true } : { is_dateless: false, date: task && !task.is_dateless && day === dueDay(task) ? task.date : momentAt(day, MORNING).toISOString() });
  const written = (): TaskWrite => ({ text: text.trim(), ...due(), assigned_to: owner });
  const save = useMutation({ mutationFn: () => (task ? changeTask(task.id, written()) : addTask(leadId, written())), onSuccess: done });
  const remove = useMutation({
    mutationFn: () => deleteTask(task!.id),
    onSuccess: () => {
      done();
      offerUndo(t('tasks.removed'), () => void addTask(leadId, { text: task!.text, date: task!.date, is_dateless: task!.is_dateless, assigned_to: task!.assigned_to ?? me.id }).then(refresh));
    },
  });
  const error = save.error ?? remove.error;
  const people = users.length ? users.map((user) => ({ value: user.id, label: userName(user) })) : [{ value: me.id, label: userName(me) }];
  return (
    <form className={classes.contactForm} onSubmit={(event) => { event.preventDefault(); if (text.trim()) save.mutate(); }}>
      <Stack gap={8}>
        <Textarea size="xs" label={t('tasks.text')} autosize minRows={1} maxRows={6} autoFocus value={text} onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => { if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) { event.preventDefault(); event.currentTarget.form?.requestSubmit(); } }} />
        <Group gap={8} grow align="flex-end">
          <TextInput size="xs" type="date" label={t('tasks.day')} value={day} onChange={(event) => setDay(event.currentTarget.value)} />
          <NativeSelect size="xs" label={t('tasks.owner')} value={owner} data={people} onChange={(event) => setOwner(event.currentTarget.value)} />
        </Group>
        {error && <Notice tone="bad">{explainError(error, t)}</Notice>}
        <Group gap={6}>
          <Button size="xs" type="submit" loading={save.isPending} disabled={!text.trim()}>{t('general.save')}</Button>
          <Button size="xs" variant="default" onClick={onClose}>{t('general.cancel')}</Button>
          {task && <ActionIcon ml="auto" size={30} color="red" aria-label={t('tasks.remove')} loading={remove.isPending} onClick={() => remove.mutate()}><IconTrash size={15} /></ActionIcon>}
        </Group>
      </Stack>
    </form>
  );
}
