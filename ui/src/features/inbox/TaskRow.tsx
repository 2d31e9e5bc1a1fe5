import { IconClock, IconPaperclip } from '@tabler/icons-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { InboxTask } from '#/shared/api/types';
import { parseAddress, shownName } from '#/shared/mail/addresses';
import classes from '#/shared/parts/split.module.css';
import { exactDate, fullDate, shortDate } from '#/shared/time/format';

type Props = { task: InboxTask; isOpen: boolean; isTicked: boolean; canTick: boolean; showsOwner: boolean; index: number; total: number; onOpen: (id: string) => void; onTick: (id: string) => void; onTickTo: (id: string) => void };

export const TaskRow = memo(function TaskRow({ task, isOpen, isTicked, canTick, showsOwner, index, total, onOpen, onTick, onTickTo }: Props) {
  const { t } = useTranslation();
  const who = task.contact_name || shownName(parseAddress(task.sender ?? '')) || t('mail.noSender');
  const date = task.date ?? task.date_created;
  const onClick = (event: React.MouseEvent) => {
    const isTick = !!(event.target as Element).closest('[data-tick]');
    if (isTick && event.shiftKey) onTickTo(task.id); else if (isTick) onTick(task.id); else onOpen(task.id);
  };
  return (
    <div id={`row-${task.id}`} role="option" aria-selected={isOpen} aria-setsize={total} aria-posinset={index + 1} tabIndex={-1} data-unread={task.is_unread || undefined} data-ticked={isTicked || undefined}
      className={classes.row} onClick={onClick} onKeyDown={(event) => { if (event.key === ' ') onOpen(task.id); }}>
      {/* For the mouse; the key for it is x. A button inside an option would be two controls in one. */}
      <span className={classes.tick} data-tick={canTick || undefined} title={canTick ? t('inbox.select', { who }) : undefined}><span className={classes.dot} /></span>
      {isTicked && <span className={classes.srOnly}>{t('inbox.ticked')}</span>}
      {task.is_unread && <span className={classes.srOnly}>{t('inbox.unread')}</span>}
      <div className={classes.line}>
        <span className={classes.from}>{who}</span>
        <span className={classes.lead}>{task.lead_name}{showsOwner && task.assigned_to_name ? ` · ${task.assigned_to_name}` : ''}</span>
        {task.view === 'inbox' && task.returned && <span className={classes.until} title={t(`inbox.returned.${task.returned}`)}><IconClock size={13} aria-label={t(`inbox.returned.${task.returned}`)} /></span>}
        {(task.n_emails ?? 0) > 1 && <span className={classes.count}>{task.n_emails}</span>}
        {task.view === 'future'
          ? <time className={classes.until} dateTime={date}><IconClock size={12} aria-hidden /> {exactDate(new Date(date))}</time>
          : <time className={classes.date} dateTime={date} title={fullDate(date)}>{shortDate(date)}</time>}
      </div>
      <div className={classes.line}>
        <span className={classes.subject}>{task.subject || t('mail.noSubject')}</span>
        {task.has_attachments && <IconPaperclip size={13} className={classes.clip} aria-label={t('mail.attachments')} />}
      </div>
      <div className={classes.preview}>{task.body_preview}</div>
    </div>
  );
});
