import { Badge, Group, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { EmailSummary, Mail } from '#/shared/api/types';
import { useComposing } from '#/shared/mail/composing';
import { Conversation } from '#/shared/mail/Conversation';
import { useReadOn } from '#/shared/mail/useReadOn';
import { useOfferedPlace } from '#/shared/mail/writingPlace';
import { ErrorState } from '#/shared/parts/ErrorState';
import { Notice } from '#/shared/parts/Notice';
import classes from '#/shared/parts/split.module.css';
import { emailQuery } from '#/shared/requests/email';
import { threadQuery } from '#/shared/requests/thread';
import { MailBar } from './MailBar';
import { StandingNotice } from './StandingNotice';

type Props = { mail: Mail; canAct: boolean; isPhone: boolean; onBack: () => void; onDiscard: () => void };

/** An email with its conversation, or alone while it has none. */
export function MailPane({ mail, canAct, isPhone, onBack, onDiscard }: Props) {
  const { t } = useTranslation();
  const { offer, taken } = useOfferedPlace();
  const scrolled = useReadOn();
  const isWritten = useComposing((state) => state.isOpen && state.draftId === mail.id);
  const thread = useQuery({ ...threadQuery(mail.thread_id ?? ''), enabled: !!mail.thread_id });
  const alone = useQuery({ ...emailQuery(mail.id), enabled: !mail.thread_id });
  const emails: EmailSummary[] | undefined = mail.thread_id ? thread.data?.emails : alone.data && [alone.data as unknown as EmailSummary];
  const { error, refetch } = mail.thread_id ? thread : alone;
  return (
    <div className={classes.paneMain} ref={offer}>
      <MailBar mail={mail} canAct={canAct} isPhone={isPhone} onBack={onBack} onDiscard={onDiscard} />
      <div ref={scrolled} className={classes.paneScroll} style={{ marginBottom: taken }} key={mail.id}>
        <div className={classes.paneInner}>
          <Group gap="xs" mb="sm" align="center">
            <Text component="h2" fw={650} size="xl">{mail.subject || t('mail.noSubject')}</Text>
            <Badge variant="light" color="gray" tt="none" style={{ cursor: 'pointer' }} renderRoot={(props) => <Link {...props} to="/leads/$leadId" params={{ leadId: mail.lead_id }} />}>{mail.lead_name}</Badge>
          </Group>
          <StandingNotice mail={mail} />
          {isWritten && <Notice tone="calm">{t('lists.isWritten')}</Notice>}
          {error && <ErrorState error={error} onRetry={() => void refetch()} />}
          {!emails && !error && <><Skeleton h={54} mb={10} radius={12} /><Skeleton h={220} radius={12} /></>}
          {emails && <Conversation emails={emails} openId={mail.id} />}
        </div>
      </div>
    </div>
  );
}
