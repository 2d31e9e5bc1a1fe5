import { Button, Text } from '@mantine/core';
import { IconArrowsExchange } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { EmailThread } from '#/shared/api/types';
import { shortDate } from '#/shared/time/format';
import { putBack } from './moveThread';
import classes from './mail.module.css';

/** That a person put this conversation here, from where, and the way back. */
export function MovedNote({ thread, canAct }: { thread: EmailThread; canAct: boolean }) {
  const { t } = useTranslation();
  const { moved } = thread;
  if (!moved) return null;
  return (
    <div className={classes.others} role="note">
      <IconArrowsExchange size={15} aria-hidden />
      <Text size="sm">
        {t('move.moved', { lead: moved.from_lead_name || t('move.otherLead'), who: moved.user_name, when: shortDate(moved.date) })}{' '}
        {canAct && moved.from_lead_name && <Button size="compact-xs" variant="transparent" onClick={() => void putBack(thread.id, moved.from_lead_id)}>{t('move.putBack')}</Button>}
      </Text>
    </div>
  );
}
