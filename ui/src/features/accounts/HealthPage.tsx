import { Skeleton, Table, Text } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { get } from '#/shared/api/client';
import type { AccountHealthRow } from '#/shared/api/types';
import { ErrorState } from '#/shared/parts/ErrorState';
import { Panel, ScrollPage } from '#/shared/parts/Page';
import { StatusDot, type Health } from '#/shared/parts/StatusDot';
import { count, fullDate } from '#/shared/time/format';
import { budgetUsed, isLate } from './healthRows';
import classes from './accounts.module.css';

const EVERY_MS = 30_000;
const healthQuery = queryOptions({ queryKey: ['accountsHealth'], queryFn: async ({ signal }) => (await get('/connected_account/health/', { signal })).data, refetchInterval: EVERY_MS });

/** Every account of the organization at one look, broken ones first. */
export function HealthPage() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(healthQuery);
  return (
    <ScrollPage title={t('health.title')} hint={t('health.hint')}>
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton h={240} radius={12} />}
      {data && (
        <Panel flush>
          <Table.ScrollContainer minWidth={860} type="native" className={classes.stacked}>
            <Table className={classes.table} verticalSpacing="sm" horizontalSpacing="md">
              <Table.Thead><Table.Tr>{(['account', 'receiving', 'sending', 'lastSync', 'ledger', 'waiting', 'budget'] as const).map((name) => <Table.Th key={name} scope="col">{t(`health.column.${name}`)}</Table.Th>)}</Table.Tr></Table.Thead>
              <Table.Tbody>{data.map((row) => <Row key={row.id} row={row} />)}</Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </Panel>
      )}
    </ScrollPage>
  );
}

function Row({ row }: { row: AccountHealthRow }) {
  const { t } = useTranslation();
  return (
    <Table.Tr>
      <Table.Td><Text size="sm" fw={600}><Link to="/settings/accounts/$accountId" params={{ accountId: row.id }}>{row.email}</Link></Text></Table.Td>
      <Table.Td data-label={t('health.column.receiving')}><Side isOn={row.receives} status={row.receive_status} error={row.receive_error} /></Table.Td>
      <Table.Td data-label={t('health.column.sending')}><Side isOn={row.sends} status={row.send_status} error={row.send_error} /></Table.Td>
      <Table.Td data-label={t('health.column.lastSync')} className={classes.figure}>{row.last_good_sync ? fullDate(row.last_good_sync) : '–'}{isLate(row) && <Text size="xs" c="var(--bad)">{t('health.late', { minutes: Math.round((row.delay_seconds ?? 0) / 60) })}</Text>}</Table.Td>
      <Table.Td data-label={t('health.column.ledger')} className={classes.figure}><StatusDot health={LEDGER[row.ledger] ?? 'off'}>{t(`health.ledger.${row.ledger}` as 'health.ledger.even')}</StatusDot><Text size="xs" c="var(--text-3)">{t('health.kept', { kept: count(row.kept), seen: count(row.seen) })}{row.failed > 0 && ` · ${t('health.failed', { count: row.failed })}`}</Text></Table.Td>
      <Table.Td data-label={t('health.column.waiting')} className={classes.figure}>{count(row.waiting)}</Table.Td>
      <Table.Td data-label={t('health.column.budget')} className={classes.figure}>{row.day_limit ? t('health.used', { sent: count(row.sent_last_day), limit: count(row.day_limit), percent: budgetUsed(row) }) : count(row.sent_last_day)}</Table.Td>
    </Table.Tr>
  );
}

const LEDGER: Record<string, Health> = { even: 'good', reading: 'warn', uneven: 'bad' };

function Side({ isOn, status, error }: { isOn: boolean; status: string; error: string }) {
  const { t } = useTranslation();
  if (!isOn) return <StatusDot health="off">{t('health.off')}</StatusDot>;
  if (status === 'ok') return <StatusDot health={error ? 'warn' : 'good'}>{t(error ? 'health.waits' : 'health.works')}</StatusDot>;
  return <><StatusDot health="bad">{t('health.broken')}</StatusDot><Text size="xs" c="var(--text-3)" lineClamp={2} maw={260}>{error}</Text></>;
}
