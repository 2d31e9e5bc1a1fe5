import { ActionIcon, Checkbox, Text, UnstyledButton } from '@mantine/core';
import { IconBell, IconClock, IconFlag, IconPhone } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { TaskCard } from '#/shared/api/types';
import { LaterMenu } from '#/shared/parts/LaterMenu';
import { fullDate, shortDay } from '#/shared/time/format';
import { dueDay, urgencyOf } from '#/shared/time/urgency';
import { today } from '#/shared/time/zone';
import classes from './tasks.module.css';

type Props = {
  task: TaskCard; isCurrent: boolean; showsOwner: boolean; isPicking: boolean;
  onTick: (task: TaskCard) => void; onOpen: (task: TaskCard) => void; onPicking: (is: boolean) => void; onLater: (task: TaskCard, until: Date) => void;
};

/** A task as a line: what, for whom, by when. */
export function TaskRow({ task, isCurrent, showsOwner, isPicking, onTick, onOpen, onPicking, onLater }: Props) {
  const { t } = useTranslation();
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => { if (isCurrent) row.current?.scrollIntoView({ block: 'nearest' }); }, [isCurrent]);
  const text = task.text || t('tasks.nameless');
  const urgency = urgencyOf(dueDay(task), today());
  const about = [task.lead_name, task.contact_name, showsOwner && task.assigned_to_name].filter(Boolean).join(' · ');
  return (
    <li ref={row} className={classes.row} data-current={isCurrent || undefined} data-done={task.is_complete || undefined} aria-current={isCurrent || undefined}>
      <Checkbox size="sm" radius="xl" checked={task.is_complete} aria-label={t(task.is_complete ? 'tasks.untick' : 'tasks.tick', { text })} onChange={() => onTick(task)} />
      <UnstyledButton className={classes.what} onClick={() => onOpen(task)}>
        <span className={classes.text}>
          {task._type === 'email_followup' && <IconBell size={14} aria-label={t('tasks.noReply')} />}
          {task._type === 'outgoing_call' && <IconPhone size={14} aria-label={t('tasks.call')} />}
          {task.priority === 'high' && <IconFlag size={14} className={classes.flag} aria-label={t('tasks.urgent')} />}
          <span>{text}</span>
        </span>
        <Text component="span" size="xs" c="var(--text-3)" truncate="end">{about}</Text>
      </UnstyledButton>
      {task.is_dateless ? <span className={classes.due}>{t('tasks.noDate')}</span>
        : <time className={classes.due} data-urgency={task.is_complete ? undefined : urgency} dateTime={task.date} title={fullDate(task.date)}>{urgency === 'today' ? t('tasks.today') : shortDay(task.date)}</time>}
      {!task.is_complete && (
        <LaterMenu title={t('tasks.putOff')} isOpen={isPicking} onOpen={onPicking} onPick={(until) => onLater(task, until)}>
          <ActionIcon size={32} aria-label={t('tasks.putOffOne', { text })}><IconClock size={16} /></ActionIcon>
        </LaterMenu>
      )}
    </li>
  );
}
