import { Button, Group, Table, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { apiUrl } from '#/shared/api/client';
import type { BulkEmail, BulkReason, BulkRecipient } from '#/shared/api/types';
import { Panel } from '#/shared/parts/Page';
import { count } from '#/shared/time/format';
import { recipientsQuery, type Asked } from './bulkRequests';
import classes from './bulk.module.css';

type Shelf = Asked & { key: string; label: string; count: number };
type Props = { batch: BulkEmail; reasons: Record<string, number> };

/** Not among those passed over: their email was made, and its fate is not known. */
const SHELF_OF: Record<string, Asked> = { unknown: { state: 'unknown' }, in_doubt: { state: 'failed', reason: 'in_doubt' } };

/** Who is passed over and who failed, by reason, each with its list and an export. */
export function People({ batch, reasons }: Props) {
  const { t } = useTranslation();
  const shelves: Shelf[] = [
    ...(batch.n_failed ? [{ key: 'failed', state: 'failed', label: t('bulk.state.failed'), count: batch.n_failed }] : []),
    ...Object.entries(reasons).map(([reason, number]) => ({
      ...(SHELF_OF[reason] ?? { state: 'skipped', reason }), key: reason, label: reason === 'unknown' ? t('bulk.state.unknown') : t(`bulk.reason.${reason as BulkReason}`), count: number,
    })),
    { key: 'queued', state: 'queued', label: batch.status === 'draft' ? t('bulk.willGet') : t('bulk.state.queued'), count: batch.n_queued },
    { key: 'cancelled', state: 'cancelled', label: t('bulk.state.cancelled'), count: batch.n_cancelled },
    { key: 'sent', state: 'sent', label: t('bulk.state.sent'), count: batch.n_sent },
  ].filter((shelf) => shelf.count > 0);
  const [chosen, setChosen] = useState<string | null>(null);
  const about = batch.status === 'draft' ? '~' : '';
  const shelf = shelves.find(({ key }) => key === chosen) ?? shelves[0];
  if (!shelf) return null;
  const address = apiUrl(`/bulk_action/email/${batch.id}/recipient/export/`, { state__in: shelf.state, reason__in: shelf.reason });
  return (
    <Panel title={t('bulk.people')} actions={<Button size="xs" variant="default" leftSection={<IconDownload size={14} />} component="a" href={address} download>{t('bulk.export')}</Button>}>
      <Group gap={6} mb="sm" role="group" aria-label={t('bulk.people')}>
        {shelves.map(({ key, label, count: number }) => (
          <Button key={key} size="compact-sm" variant={key === shelf.key ? 'filled' : 'default'} aria-pressed={key === shelf.key} onClick={() => setChosen(key)}>{label} · {about}{count(number)}</Button>
        ))}
      </Group>
      <PeopleOf key={shelf.key} batch={batch} asked={shelf} />
    </Panel>
  );
}

function PeopleOf({ batch, asked }: { batch: BulkEmail; asked: Asked }) {
  const { t } = useTranslation();
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(recipientsQuery(batch.id, asked));
  const rows = (data?.pages.flatMap((page) => page.data) ?? []) as BulkRecipient[];
  const saysWhy = rows.some((row) => row.detail || row.reason);
  return (
    <div className={classes.table}>
      <Table fz="sm" aria-busy={!data}>
        <Table.Thead><Table.Tr><Table.Th>{t('bulk.address')}</Table.Th><Table.Th>{t('bulk.lead')}</Table.Th>{saysWhy && <Table.Th>{t('bulk.detail')}</Table.Th>}</Table.Tr></Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.number}>
              <Table.Td>{row.email || <Text component="span" size="sm" c="var(--text-3)">{row.contact_name ?? '–'}</Text>}</Table.Td>
              <Table.Td><Link to="/leads/$leadId" params={{ leadId: row.lead_id }} search={{}}>{row.lead_name ?? row.lead_id}</Link></Table.Td>
              {saysWhy && <Table.Td className={classes.detail}>{row.detail || (row.reason ? t(`bulk.reason.${row.reason as BulkReason}`) : '')}</Table.Td>}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {hasNextPage && <Button mt="sm" variant="default" size="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('bulk.more')}</Button>}
    </div>
  );
}
