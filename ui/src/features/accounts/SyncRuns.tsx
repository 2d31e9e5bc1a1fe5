import { Button, Table, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { SyncRun } from '#/shared/api/types';
import { Panel } from '#/shared/parts/Page';
import { StatusDot, type Health } from '#/shared/parts/StatusDot';
import { count, fullDate, shortDate } from '#/shared/time/format';
import { syncHistoryQuery } from './syncHistory';
import classes from './accounts.module.css';

const HEALTH: Record<SyncRun['result'], Health> = { success: 'good', partial: 'warn', error: 'bad' };

/** What came and went, newest first. */
export function SyncRuns({ accountId }: { accountId: string }) {
  const { t } = useTranslation();
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(syncHistoryQuery(accountId));
  const runs = data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Panel title={t('accounts.runs')} flush>
      {!runs.length && <Text size="sm" c="var(--text-3)" p="md">{t(data ? 'accounts.noRuns' : 'general.loading')}</Text>}
      {runs.length > 0 && (
        <Table.ScrollContainer minWidth={320} type="native">
          <Table verticalSpacing={7} horizontalSpacing="md" className={classes.table}>
            <Table.Thead>
              <Table.Tr><Table.Th>{t('accounts.time')}</Table.Th><Table.Th visibleFrom="sm">{t('accounts.direction')}</Table.Th><Table.Th ta="right">{t('accounts.sum.seen')}</Table.Th><Table.Th ta="right">{t('accounts.sum.kept')}</Table.Th><Table.Th>{t('accounts.result')}</Table.Th></Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {runs.map((run, index) => (
                <Table.Tr key={`${run.time} ${index}`}>
                  <Table.Td title={fullDate(run.time)}>{shortDate(run.time)}</Table.Td>
                  <Table.Td visibleFrom="sm">{t(`accounts.directionName.${run.direction}` as 'accounts.directionName.both', { defaultValue: run.direction })}</Table.Td>
                  <Table.Td ta="right" className={classes.figure}>{count(run.seen)}</Table.Td><Table.Td ta="right" className={classes.figure}>{count(run.kept)}</Table.Td>
                  <Table.Td><StatusDot health={HEALTH[run.result]}>{t(`accounts.runResult.${run.result}`)}</StatusDot>{run.error && <Text size="xs" c="var(--text-3)">{run.error}</Text>}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {hasNextPage && <Button variant="subtle" fullWidth loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('accounts.olderRuns')}</Button>}
    </Panel>
  );
}
