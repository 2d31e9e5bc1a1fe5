import { Button, CloseButton, Text } from '@mantine/core';
import { IconCheck, IconClock, IconInbox } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InboxView } from '#/shared/api/types';
import { LaterMenu } from '#/shared/parts/LaterMenu';
import classes from './inbox.module.css';

type Props = { count: number; view: InboxView; onDone: () => void; onReopen: () => void; onSnooze: (until: Date) => void; onClear: () => void };

/** Appears with the first ticked row. */
export function BulkBar({ count, view, onDone, onReopen, onSnooze, onClear }: Props) {
  const { t } = useTranslation();
  const [isSnoozeOpen, setIsSnoozeOpen] = useState(false);
  return (
    <div className={classes.bulk} role="toolbar" aria-label={t('inbox.selected', { count })}>
      <CloseButton size="sm" aria-label={t('shell.command.listSelectNone')} onClick={onClear} />
      <Text size="sm" fw={600} mr="auto">{t('inbox.selected', { count })}</Text>
      {view === 'archive'
        ? <Button size="compact-sm" variant="default" leftSection={<IconInbox size={14} />} onClick={onReopen}>{t('inbox.toInbox')}</Button>
        : <Button size="compact-sm" variant="light" color="teal" leftSection={<IconCheck size={14} />} onClick={onDone}>{t('shell.command.threadDone')}</Button>}
      {view !== 'archive' && (
        <LaterMenu title={t('inbox.snoozeUntil')} isOpen={isSnoozeOpen} onOpen={setIsSnoozeOpen} onPick={onSnooze}>
          <Button size="compact-sm" variant="default" leftSection={<IconClock size={14} />}>{t('shell.command.threadSnooze')}</Button>
        </LaterMenu>
      )}
    </div>
  );
}
