import { Button, Group, Progress, Skeleton, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Account, SyncStatus } from '#/shared/api/types';
import { EmptyState } from '#/shared/parts/EmptyState';
import { ErrorState } from '#/shared/parts/ErrorState';
import { notifyDone, notifyError } from '#/shared/parts/notify';
import { Panel } from '#/shared/parts/Page';
import { syncStatusQuery } from '#/shared/requests/syncStatus';
import { count, relativeTime } from '#/shared/time/format';
import { syncNow } from './changeAccount';
import { DryRun } from './DryRun';
import { duration } from './duration';
import { FolderLedger } from './FolderLedger';
import { SyncErrors } from './SyncErrors';
import { SyncRuns } from './SyncRuns';
import classes from './accounts.module.css';

/** How far the mailbox is read, what became of each message, and what happened lately. */
export function SyncPanel({ account }: { account: Account }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { data: status, error, refetch } = useQuery(syncStatusQuery(account.id));
  const sync = useMutation({
    mutationFn: () => syncNow(account.id),
    onSuccess: () => { notifyDone(t('accounts.syncAsked')); void queries.invalidateQueries({ queryKey: ['syncStatus', account.id] }); void queries.invalidateQueries({ queryKey: ['syncHistory', account.id] }); },
    onError: (reason) => notifyError(reason),
  });
  if (!account.imap) return <Panel><EmptyState icon={IconRefresh} title={t('accounts.sendOnly')} hint={t('accounts.sendOnlyHint')} /></Panel>;
  if (error && !status) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!status) return <Skeleton h={220} radius={12} />;
  return (
    <>
      {!account.sync_enabled && account.is_active && <DryRun account={account} />}
      <Panel>
        <Group justify="space-between" align="flex-start" gap="md">
          <div>
            <Text fw={600}>{t(`accounts.state.${status.state}`)}</Text>
            <Text size="sm" c="var(--text-3)">
              {status.last_sync ? t('accounts.lastSync', { when: relativeTime(status.last_sync) }) : t('accounts.neverSynced')}
              {' · '}{status.can_push ? t('accounts.pushed') : status.next_poll ? t('accounts.nextPoll', { when: relativeTime(status.next_poll) }) : t('accounts.polled', { seconds: account.poll_seconds })}
            </Text>
          </div>
          <Button variant="default" leftSection={<IconRefresh size={16} />} loading={sync.isPending} onClick={() => sync.mutate()}>{t('accounts.syncNow')}</Button>
        </Group>
        {status.progress && status.state === 'first_sync' && <Importing progress={status.progress} />}
        <Sum status={status} />
      </Panel>
      <FolderLedger account={account} status={status} />
      <SyncErrors accountId={account.id} failed={status.emails_failed} />
      <SyncRuns accountId={account.id} />
    </>
  );
}

function Importing({ progress }: { progress: NonNullable<SyncStatus['progress']> }) {
  const { t, i18n } = useTranslation();
  const share = progress.total ? Math.min(100, (100 * progress.done) / progress.total) : 0;
  return (
    <div className={classes.importing}>
      <Progress value={share} size={8} radius="xl" aria-label={t('accounts.importing')} />
      <Text size="xs" c="var(--text-3)" mt={6}>
        {t('leads.importProgress', { done: count(progress.done), total: count(progress.total) })}
        {progress.seconds_left !== null && ` · ${t('accounts.timeLeft', { time: duration(progress.seconds_left, i18n.language) })}`}
      </Text>
    </div>
  );
}

function Sum({ status }: { status: SyncStatus }) {
  const { t } = useTranslation();
  const leftOut = Object.values(status.emails_left_out).reduce((sum, number) => sum + number, 0);
  const cells = [['seen', status.emails_seen], ['kept', status.emails_kept], ['leftOut', leftOut], ['failed', status.emails_failed], ['receivedToday', status.received_today], ['sentToday', status.sent_today]] as const;
  return (
    <dl className={classes.sum}>
      {cells.map(([name, value]) => <div key={name} data-bad={(name === 'failed' && value > 0) || undefined}><dt>{t(`accounts.sum.${name}`)}</dt><dd>{count(value)}</dd></div>)}
    </dl>
  );
}
