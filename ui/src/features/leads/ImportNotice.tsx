import { Progress, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useQueries, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { accountsQuery } from '#/shared/requests/accounts';
import { syncStatusQuery } from '#/shared/requests/syncStatus';
import { count } from '#/shared/time/format';
import classes from './leads.module.css';

/** Says that a timeline may still grow backwards, while an account's history is coming in. */
export function ImportNotice() {
  const { t } = useTranslation();
  const { data: accounts = [] } = useQuery(accountsQuery);
  const syncing = accounts.filter((account) => account.sync_enabled && account.receive_status === 'ok');
  const statuses = useQueries({ queries: syncing.map((account) => syncStatusQuery(account.id)) });
  return syncing.map((account, index) => {
    const status = statuses[index]?.data;
    if (status?.state !== 'first_sync') return null;
    const { done, total } = status.progress ?? { done: 0, total: 0 };
    return (
      <div key={account.id} className={classes.import} role="status">
        <IconHistory size={17} aria-hidden />
        <div className={classes.importText}>
          <Text size="sm">{t('leads.importing', { email: account.email })}</Text>
          {total > 0 && <Text size="xs" c="var(--text-3)">{t('leads.importProgress', { done: count(done), total: count(total) })}</Text>}
          {total > 0 && <Progress value={(100 * done) / total} size={4} mt={6} aria-label={t('leads.importing', { email: account.email })} />}
        </div>
      </div>
    );
  });
}
