import { Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconClock, IconPencil, IconSend } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { EmailSummary } from '#/shared/api/types';
import { exactDate } from '#/shared/time/format';
import { editEmail, sendEmailNow } from './moveEmail';
import classes from './mail.module.css';

const SIGNS = { draft: IconPencil, scheduled: IconClock, outbox: IconSend, error: IconAlertTriangle };

/** Where an email of ours stands that has not left yet, and what can be done with it. */
export function DeliveryNote({ email }: { email: EmailSummary }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  if (email.status === 'inbox' || email.status === 'sent') return null;
  const Sign = SIGNS[email.status];
  const failure = email.send_attempts?.at(-1)?.error_message ?? email.send_attempts?.at(-1)?.error;
  return (
    <Group className={classes.note} data-status={email.status} gap={8} wrap="nowrap">
      <Sign size={15} aria-hidden />
      <Text size="xs" flex={1}>
        {email.status === 'draft' && t('mail.note.draft')}
        {email.status === 'scheduled' && t('mail.note.scheduled', { when: exactDate(new Date(email.date_scheduled ?? email.date_created)) })}
        {email.status === 'outbox' && t('mail.note.outbox')}
        {email.status === 'error' && `${t('mail.note.error')} ${failure ?? ''}`}
      </Text>
      {(email.status === 'scheduled' || email.status === 'error') && <Button size="compact-xs" variant="subtle" onClick={() => void sendEmailNow(queries, email)}>{t(email.status === 'error' ? 'general.tryAgain' : 'mail.sendNow')}</Button>}
      <Button size="compact-xs" variant="subtle" onClick={() => void editEmail(queries, email)}>{email.status === 'draft' ? t('general.edit') : t('mail.cancelAndEdit')}</Button>
    </Group>
  );
}
