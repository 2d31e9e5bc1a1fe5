import { Switch, Table, Text, Tooltip } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Account, FolderStatus, SyncStatus } from '#/shared/api/types';
import { notifyError } from '#/shared/parts/notify';
import { Panel } from '#/shared/parts/Page';
import { syncStatusQuery } from '#/shared/requests/syncStatus';
import { count, relativeTime } from '#/shared/time/format';
import { changeFolder } from './changeAccount';
import { booksOf } from './ledger';
import classes from './accounts.module.css';

const ROLES = ['inbox', 'sent', 'drafts', 'trash', 'spam', 'junk', 'archive', 'all', 'flagged', 'important', 'other'] as const;
const isRole = (role: string): role is (typeof ROLES)[number] => (ROLES as readonly string[]).includes(role);

/** The ledger: for each folder, on the server = kept + left out + failed + not read yet. */
export function FolderLedger({ account, status }: { account: Account; status: SyncStatus }) {
  const { t } = useTranslation();
  const reasons = Object.entries(status.emails_left_out).filter(([, number]) => number > 0).sort(([, a], [, b]) => b - a);
  return (
    <Panel title={t('accounts.ledger')} hint={t('accounts.ledgerHint')} flush>
      <Table.ScrollContainer minWidth={640} type="native" className={classes.stacked}>
        <Table verticalSpacing={7} horizontalSpacing="md" className={classes.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('accounts.folder')}</Table.Th>
              {(['onServer', 'kept', 'leftOut', 'failed', 'unread'] as const).map((name) => <Table.Th key={name} ta="right">{t(`accounts.sum.${name}`)}</Table.Th>)}
              <Table.Th ta="right">{t('accounts.isSynced')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>{status.folders.map((folder) => <FolderRow key={folder.id} folder={folder} accountId={account.id} />)}</Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {reasons.length > 0 && (
        <div className={classes.reasons}>
          <Text component="h3" size="sm" fw={600} mb={6}>{t('accounts.whyLeftOut')}</Text>
          <ul>{reasons.map(([reason, number]) => <li key={reason}><span>{t(`accounts.reason.${reason}` as 'accounts.reason.no_contact', { defaultValue: reason.replaceAll('_', ' ') })}</span><b>{count(number)}</b></li>)}</ul>
        </div>
      )}
    </Panel>
  );
}

function FolderRow({ folder, accountId }: { folder: FolderStatus; accountId: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const books = booksOf(folder);
  const change = useMutation({
    mutationFn: (isSynced: boolean) => changeFolder(accountId, folder.id, isSynced),
    onSettled: () => queries.invalidateQueries({ queryKey: syncStatusQuery(accountId).queryKey }),
    onError: (error) => notifyError(error),
  });
  const cell = (name: 'onServer' | 'kept' | 'leftOut' | 'failed' | 'unread', value: number, isBad = false) => <Table.Td data-label={t(`accounts.sum.${name}`)} data-off={!folder.is_synced || undefined} ta="right" className={classes.figure} c={isBad && value ? 'var(--bad)' : value ? undefined : 'var(--text-3)'}>{folder.is_synced ? count(value) : '–'}</Table.Td>;
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={550}>{folder.name}{isRole(folder.role) && folder.role !== 'other' && <span className={classes.tag}>{t(`accounts.role.${folder.role}`)}</span>}</Text>
        {folder.error ? <Text size="xs" c="var(--bad)">{folder.error}</Text> : folder.is_synced && folder.last_pull && (
          <Text size="xs" c="var(--text-3)">{books.isEven && <Tooltip label={t('accounts.isEven')}><IconCheck size={12} className={classes.even} aria-label={t('accounts.isEven')} /></Tooltip>} {relativeTime(folder.last_pull)}</Text>
        )}
      </Table.Td>
      {cell('onServer', folder.on_server)}{cell('kept', books.kept)}{cell('leftOut', books.leftOut)}{cell('failed', books.failed, true)}{cell('unread', books.unread)}
      <Table.Td data-label={t('accounts.isSynced')}><Switch ml="auto" w="fit-content" size="sm" aria-label={t('accounts.syncFolder', { folder: folder.name })} checked={change.isPending ? change.variables : folder.is_synced} onChange={(event) => change.mutate(event.currentTarget.checked)} /></Table.Td>
    </Table.Tr>
  );
}
