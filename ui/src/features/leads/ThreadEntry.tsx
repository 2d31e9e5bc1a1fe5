import { Button, Skeleton, Text, UnstyledButton } from '@mantine/core';
import { IconArrowsExchange, IconChevronRight, IconEye, IconLock, IconMessage, IconPaperclip } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EmailThread } from '#/shared/api/types';
import { shownName } from '#/shared/mail/addresses';
import { askWhereTo } from '#/shared/mail/askedDialogs';
import { Conversation } from '#/shared/mail/Conversation';
import { MovedNote } from '#/shared/mail/MovedNote';
import { WhoSees } from '#/shared/mail/WhoSees';
import { threadQuery } from '#/shared/requests/thread';
import { Comments } from './Comments';
import { EntryTime } from './EntryTime';
import classes from './leads.module.css';

type Props = { thread: EmailThread; startsOpen: boolean; isWanted: boolean };

/** One conversation in the timeline: a line, or all its emails. */
export function ThreadEntry({ thread, startsOpen, isWanted }: Props) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(startsOpen);
  const [isAsking, setIsAsking] = useState(false);
  const place = useRef<HTMLElement>(null);
  const { data: whole } = useQuery({ ...threadQuery(thread.id), enabled: isOpen });
  useEffect(() => { if (isWanted) place.current?.scrollIntoView({ block: 'start' }); }, [isWanted]);
  const latest = thread.emails[0];
  const date = thread.activity_at ?? latest?.activity_at ?? thread.date_updated;
  const comments = (thread.comment_summary as { comment_count?: number } | null)?.comment_count ?? 0;
  const hasFiles = thread.emails.some((email) => email.attachments?.some((file) => !file.inline_only));
  return (
    <section ref={place} className={classes.thread} data-open={isOpen || undefined}>
      <div className={classes.threadLine}>
        <UnstyledButton className={classes.threadHead} aria-expanded={isOpen} onClick={() => setIsOpen((is) => !is)}>
          <IconChevronRight size={16} className={classes.chevron} aria-hidden />
          <div className={classes.threadText}>
            <Text size="sm" fw={600} truncate>{latest?.subject || thread.latest_normalized_subject || t('mail.noSubject')}</Text>
            <Text size="xs" c="var(--text-3)" truncate>{isOpen ? thread.participants.map(shownName).join(', ') : latest?.body_preview}</Text>
          </div>
          {thread.is_private && <IconLock size={14} className={classes.clip} aria-label={t('privacy.isPrivateMark')} />}
          {hasFiles && <IconPaperclip size={14} className={classes.clip} aria-label={t('mail.attachments')} />}
          {comments > 0 && !isOpen && <span className={classes.commentCount} title={t('company.comments.count', { count: comments })}><IconMessage size={13} aria-hidden />{comments}</span>}
          {thread.n_emails > 1 && <span className={classes.emailCount} title={t('inbox.emails', { count: thread.n_emails })}>{thread.n_emails}</span>}
        </UnstyledButton>
        <EntryTime leadId={thread.lead_id} entryId={thread.id} at={date} isThread />
      </div>
      {isOpen && (
        <div className={classes.threadBody}>
          {whole && <MovedNote thread={whole} canAct />}
          {whole ? <Conversation emails={whole.emails} /> : <Skeleton h={160} radius={12} />}
          <Comments objectId={thread.id} count={comments} beside={(
            <>
              <Button size="compact-xs" variant="subtle" color="gray" fw={500} leftSection={<IconEye size={14} />} onClick={() => setIsAsking(true)}>{t('privacy.whoSees')}</Button>
              <Button size="compact-xs" variant="subtle" color="gray" fw={500} leftSection={<IconArrowsExchange size={14} />} onClick={() => askWhereTo(thread.id, thread.lead_id)}>{t('shell.command.threadMove')}</Button>
            </>
          )} />
        </div>
      )}
      {isAsking && <WhoSees threadId={thread.id} onClose={() => setIsAsking(false)} />}
    </section>
  );
}
