import { Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconClock, IconPencil, IconSend } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { EmailSummary } from '#/shared/api/types';
import { notifyError } from '#/shared/parts/notify';
import { changeEmail } from '#/shared/requests/changeEmail';
import { exactDate } from '#/shared/time/format';
import { openDraft } from './startReply';
import classes from './mail.module.css';

const SIGNS = { draft: IconPencil, scheduled: IconClock, outbox: IconSend, error: IconAlertTriangle };

/** Where an email of ours stands that has not left yet, and what can be done with it. */
export function DeliveryNote({ email }: { email: EmailSummary }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (status: 'draft' | 'outbox') => changeEmail(email.id, { status }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['thread'] }),
    onError: (error) => notifyError(error),
  });
  if (email.status === 'inbox' || email.status === 'sent') return null;
  const Sign = SIGNS[email.status];
  const failure = email.send_attempts?.at(-1)?.error_message ?? email.send_attempts?.at(-1)?.error;
  const edit = () => (email.status === 'draft' ? void openDraft(email.id) : change.mutate('draft', { onSuccess: () => void openDraft(email.id) }));
  return (
    <Group className={classes.note} data-status={email.status} gap={8} wrap="nowrap">
      <Sign size={15} aria-hidden />
      <Text size="xs" flex={1}>
        {email.status === 'draft' && t('mail.note.draft')}
        {email.status === 'scheduled' && t('mail.note.scheduled', { when: exactDate(new Date(email.date_scheduled ?? email.date_created)) })}
        {email.status === 'outbox' && t('mail.note.outbox')}
        {email.status === 'error' && `${t('mail.note.error')} ${failure ?? ''}`}
      </Text>
      {email.status === 'scheduled' && <Button size="compact-xs" variant="subtle" onClick={() => change.mutate('outbox')}>{t('mail.sendNow')}</Button>}
      {email.status === 'error' && <Button size="compact-xs" variant="subtle" onClick={() => change.mutate('draft')}>{t('mail.backToDraft')}</Button>}
      {email.status !== 'error' && <Button size="compact-xs" variant="subtle" loading={change.isPending} onClick={edit}>{email.status === 'draft' ? t('general.edit') : t('mail.cancelAndEdit')}</Button>}
    </Group>
  );
}
