import { Badge, Group, Skeleton, Text } from '@mantine/core';
import { IconClock } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { InboxTask, Lead } from '#/shared/api/types';
import { AnswerRow } from '#/shared/mail/AnswerRow';
import { Conversation } from '#/shared/mail/Conversation';
import { MovedNote } from '#/shared/mail/MovedNote';
import { newestOut } from '#/shared/mail/reply';
import { OthersWriting } from '#/shared/mail/OthersWriting';
import { useReadOn } from '#/shared/mail/useReadOn';
import { useOfferedPlace } from '#/shared/mail/writingPlace';
import { ErrorState } from '#/shared/parts/ErrorState';
import { changeTask } from '#/shared/requests/inboxLists';
import { markThreadRead } from '#/shared/requests/markRead';
import { threadQuery } from '#/shared/requests/thread';
import { LeadPanel } from './LeadPanel';
import { ReadingBar } from './ReadingBar';
import classes from '#/shared/parts/split.module.css';
import own from './inbox.module.css';

const READ_AFTER_MS = 1000;

type Props = {
  leadParts: (lead: Lead) => ReactNode;
  task: InboxTask; canAct: boolean; isPhone: boolean; isSnoozeOpen: boolean; onSnoozeOpen: (is: boolean) => void;
  onBack: () => void; onDone: () => void; onReopen: () => void; onSnooze: (until: Date) => void; onUnread: () => void;
};

/** A conversation beside its list, with the lead it belongs to. */
export function ReadingPane({ task, leadParts, ...actions }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { offer, taken } = useOfferedPlace();
  const scrolled = useReadOn();
  const { data: thread, error, refetch } = useQuery({ ...threadQuery(task.object_id ?? ''), enabled: !!task.object_id });

  useEffect(() => {
    if (!actions.canAct || !task.is_unread || !task.object_id) return;
    const timer = setTimeout(() => {
      changeTask(queries, task.id, { is_unread: false });
      void markThreadRead(task.object_id!, true).catch(() => changeTask(queries, task.id, { is_unread: true }));
    }, READ_AFTER_MS);
    return () => clearTimeout(timer);
  }, [queries, task.id, task.object_id, actions.canAct]); // oxlint-disable-line react/exhaustive-deps -- "unread" pressed while it is open must hold

  return (
    <div className={classes.pane}>
      <div className={classes.paneMain} ref={offer}>
        <ReadingBar task={task} latestEmailId={thread && newestOut(thread.emails)?.id} {...actions} />
        <div ref={scrolled} className={classes.paneScroll} style={{ marginBottom: taken }} key={task.id}>
          <div className={classes.paneInner}>
            <Group gap="xs" mb="sm" align="center">
              <Text component="h2" fw={650} size="xl">{task.subject || t('mail.noSubject')}</Text>
              {task.lead_id && (
                <Badge variant="light" color="gray" tt="none" style={{ cursor: 'pointer' }} renderRoot={(props) => <Link {...props} to="/leads/$leadId" params={{ leadId: task.lead_id! }} />}>{task.lead_name}</Badge>
              )}
            </Group>
            {task.view === 'inbox' && task.returned && <Text size="sm" className={own.returned}><IconClock size={15} aria-hidden /> {t(`inbox.returned.${task.returned}`)}</Text>}
            {error && <ErrorState error={error} onRetry={() => void refetch()} />}
            {!thread && !error && <><Skeleton h={54} mb={10} radius={12} /><Skeleton h={220} radius={12} /></>}
            {thread && <MovedNote thread={thread} canAct={actions.canAct} />}
            <OthersWriting threadId={task.object_id} />
            {thread && <><Conversation emails={thread.emails} /><AnswerRow emails={thread.emails} /></>}
          </div>
        </div>
      </div>
      {task.lead_id && <LeadPanel leadId={task.lead_id} parts={leadParts} />}
    </div>
  );
}
