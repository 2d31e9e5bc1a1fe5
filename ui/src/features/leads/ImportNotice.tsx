import { Progress, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useQueries, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { accountsQuery } from '#/shared/requests/accounts';
import { syncStatusQuery } from '#/shared/requests/syncStatus';
import { count } from '#/shared/time/format';
import classes from './leads.module.css';

/** Says that a timeline may still grow backwards, while the history of one or more accounts is coming in. */
export function ImportNotice() {
  const { t } = useTranslation();
  const { data: accounts = [] } = useQuery(accountsQuery);
  const syncing = accounts.filter((account) => account.sync_enabled && account.imap && account.receive_status === 'ok');
  const statuses = useQueries({ queries: syncing.map((account) => syncStatusQuery(account.id)) });
  const importing = syncing.filter((_, index) => statuses[index]?.data?.state === 'first_sync');
  if (!importing.length) return null;
  const progress = statuses.map(({ data }) => (data?.state === 'first_sync' ? data.progress : null));
  const done = progress.reduce((sum, each) => sum + (each?.done ?? 0), 0);
  const total = progress.reduce((sum, each) => sum + (each?.total ?? 0), 0);
  const text = t('leads.importing', { email: importing.map((account) => account.email).join(', ') });
  return (
    <div className={classes.import} role="status">
      <IconHistory size={17} aria-hidden />
      <div className={classes.importText}>
        <Text size="sm">{text}</Text>
        {total > 0 && <Text size="xs" c="var(--text-3)">{t('leads.importProgress', { done: count(done), total: count(total) })}</Text>}
        {total > 0 && <Progress value={(100 * done) / total} size={4} mt={6} aria-label={text} />}
      </div>
    </div>
  );
}
