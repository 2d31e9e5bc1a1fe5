import { Button, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '#/shared/parts/Page';
import { relativeTime } from '#/shared/time/format';
import { syncErrorsQuery } from './syncHistory';

/** The messages that could not be taken in: kept aside, tried again, never in the way of the others. */
export function SyncErrors({ accountId, failed }: { accountId: string; failed: number }) {
  const { t } = useTranslation();
  const [isShown, setIsShown] = useState(false);
  const { data } = useQuery({ ...syncErrorsQuery(accountId), enabled: isShown });
  if (!failed && !isShown) return null;
  return (
    <Panel title={t('accounts.errors')} hint={t('accounts.errorsHint')} flush actions={!isShown && <Button size="xs" variant="default" onClick={() => setIsShown(true)}>{t('accounts.viewErrors')}</Button>}>
      {isShown && (data?.length
        ? (
          <Table.ScrollContainer minWidth={560}>
            <Table verticalSpacing={7} horizontalSpacing="md">
              <Table.Thead><Table.Tr>{(['folder', 'message', 'problem', 'tries', 'nextTry'] as const).map((name) => <Table.Th key={name}>{t(`accounts.errorColumn.${name}`)}</Table.Th>)}</Table.Tr></Table.Thead>
              <Table.Tbody>
                {data.map((each) => <Table.Tr key={`${each.folder} ${each.uid}`}><Table.Td>{each.folder}</Table.Td><Table.Td>{each.uid}</Table.Td><Table.Td>{each.error}</Table.Td><Table.Td>{each.attempts}</Table.Td><Table.Td>{each.next_try ? relativeTime(each.next_try) : '–'}</Table.Td></Table.Tr>)}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )
        : <Text size="sm" c="var(--text-3)" p="md">{t(data ? 'accounts.noErrors' : 'general.loading')}</Text>)}
    </Panel>
  );
}
