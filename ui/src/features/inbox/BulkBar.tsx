import { Button, CloseButton, Text } from '@mantine/core';
import { IconCheck, IconClock, IconInbox, IconMail } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InboxView } from '#/shared/api/types';
import { useCommands } from '#/shared/commands/registry';
import { LaterMenu } from '#/shared/parts/LaterMenu';
import classes from './inbox.module.css';

type Props = {
  label: string; view: InboxView; isBusy: boolean; /** Something of a shared mailbox is among them. */ isForEveryone?: boolean; onDone: () => void; onReopen: () => void; onSnooze: (until: Date) => void; onClear: () => void; onUnread?: (() => void) | undefined;
  /** Offers everything in the view once all that is shown is ticked. */
  whole?: { label: string; run: () => void } | undefined;
};

/** Appears with the first ticked row. */
export function BulkBar({ label, view, isBusy, isForEveryone = false, onDone, onReopen, onSnooze, onClear, onUnread, whole }: Props) {
  const { t } = useTranslation();
  const [isSnoozeOpen, setIsSnoozeOpen] = useState(false);
  useCommands(view === 'archive' || isBusy ? {} : { threadDone: onDone, threadSnooze: () => setIsSnoozeOpen(true) });
  return (
    <>
      <div className={classes.bulk} role="toolbar" aria-label={label}>
        <CloseButton size="sm" aria-label={t('shell.command.listSelectNone')} onClick={onClear} />
        <Text size="sm" fw={600} mr="auto" truncate>{label}</Text>
        {view === 'archive'
          ? <Button size="compact-sm" variant="default" loading={isBusy} leftSection={<IconInbox size={14} />} onClick={onReopen}>{t('inbox.toInbox')}</Button>
          : <Button size="compact-sm" className={classes.done} variant="light" color="green" loading={isBusy} leftSection={<IconCheck size={14} />} onClick={onDone}>{t(isForEveryone ? 'inbox.doneForEveryone' : 'shell.command.threadDone')}</Button>}
        {view !== 'archive' && (
          <LaterMenu title={t('inbox.snoozeUntil')} isOpen={isSnoozeOpen} onOpen={setIsSnoozeOpen} onPick={onSnooze}>
            <Button size="compact-sm" variant="default" px={8} disabled={isBusy} aria-label={t('shell.command.threadSnooze')} title={t('shell.command.threadSnooze')}><IconClock size={15} /></Button>
          </LaterMenu>
        )}
        {onUnread && <Button size="compact-sm" variant="default" px={8} disabled={isBusy} aria-label={t('shell.command.threadUnread')} title={t('shell.command.threadUnread')} onClick={onUnread}><IconMail size={15} /></Button>}
      </div>
      {whole && (
        <div className={classes.whole}>
          <Button size="compact-xs" variant="transparent" onClick={whole.run}>{whole.label}</Button>
        </div>
      )}
    </>
  );
}
