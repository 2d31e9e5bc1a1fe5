import { Button, Table, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Panel } from '#/shared/parts/Page';
import { count } from '#/shared/time/format';
import { failedRowsQuery } from './importRequests';
import classes from './import.module.css';

/** The rows that cannot be imported, by their number in the file, and why. */
export function FailedRows({ importId }: { importId: string }) {
  const { t } = useTranslation();
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(failedRowsQuery(importId));
  const rows = data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Panel title={t('imports.failedRows')} hint={t('imports.failedHint')} flush>
      <Table className={classes.failed} verticalSpacing={6} horizontalSpacing="md">
        <Table.Thead><Table.Tr><Table.Th scope="col">{t('imports.row')}</Table.Th><Table.Th scope="col">{t('imports.reason')}</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>
          {rows.map((row) => <Table.Tr key={row.number}><Table.Td>{count(row.number)}</Table.Td><Table.Td><Text size="sm">{row.reason}</Text></Table.Td></Table.Tr>)}
        </Table.Tbody>
      </Table>
      {hasNextPage && <Button variant="subtle" m="xs" size="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('imports.more')}</Button>}
    </Panel>
  );
}
