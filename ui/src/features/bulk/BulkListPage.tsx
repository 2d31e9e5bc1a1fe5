import { Button, Progress, Text } from '@mantine/core';
import { IconMailForward, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { BulkEmail } from '#/shared/api/types';
import { EmptyState } from '#/shared/parts/EmptyState';
import { ErrorState } from '#/shared/parts/ErrorState';
import { Panel, ScrollPage } from '#/shared/parts/Page';
import { count, fullDate } from '#/shared/time/format';
import { bulkListQuery } from './bulkRequests';
import { isMoving, progress } from './standing';
import { StandingMark } from './StandingMark';
import classes from './bulk.module.css';

/** Every bulk email, the newest first, with how far it is. */
export function BulkListPage({ onNew }: { onNew: () => void }) {
  const { t } = useTranslation();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(bulkListQuery);
  const batches = (data?.pages.flatMap((page) => page.data) ?? []) as BulkEmail[];
  return (
    <ScrollPage title={t('shell.place.bulk')} hint={t('bulk.hint')} actions={<Button size="sm" leftSection={<IconPlus size={15} />} onClick={onNew}>{t('bulk.new')}</Button>}>
      {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} />
        : data && !batches.length ? <EmptyState icon={IconMailForward} title={t('bulk.none')} hint={t('bulk.noneHint')} action={{ label: t('bulk.new'), run: onNew }} />
        : (
          <Panel flush>
            <ul className={classes.list} aria-label={t('shell.place.bulk')} aria-busy={!data}>
              {batches.map((batch) => <BatchRow key={batch.id} batch={batch} />)}
            </ul>
          </Panel>
        )}
      {hasNextPage && <Button variant="default" size="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('bulk.more')}</Button>}
    </ScrollPage>
  );
}

function BatchRow({ batch }: { batch: BulkEmail }) {
  const { t } = useTranslation();
  const done = progress(batch);
  return (
    <li>
      <Link className={classes.row} to="/bulk/$bulkId" params={{ bulkId: batch.id }}>
        <span className={classes.rowName}>
          <Text component="span" fw={600} size="sm" truncate="end">{batch.template_name ?? batch.subject}</Text>
          <Text component="span" size="xs" c="var(--text-3)" truncate="end">{[batch.subject, batch.user_name, fullDate(batch.date_created)].filter(Boolean).join(' · ')}</Text>
        </span>
        <span className={classes.rowCount}>
          <Text component="span" size="sm">{t('bulk.sentOf', { sent: count(batch.n_sent), total: count(batch.n_objects ?? batch.n_queued) })}</Text>
          {isMoving(batch.status) && <Progress value={done ?? 0} size="xs" aria-label={t('bulk.progress')} />}
        </span>
        <StandingMark batch={batch} />
      </Link>
    </li>
  );
}
