import { Button, Skeleton, Text } from '@mantine/core';
import { IconMailPlus, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Account } from '#/shared/api/types';
import { EmptyState } from '#/shared/parts/EmptyState';
import { ErrorState } from '#/shared/parts/ErrorState';
import { Initials } from '#/shared/parts/Initials';
import { Panel, ScrollPage } from '#/shared/parts/Page';
import { StatusDot } from '#/shared/parts/StatusDot';
import { Notice } from '#/shared/parts/Notice';
import { troubleWords } from '#/shared/mail/trouble';
import { accountsQuery } from '#/shared/requests/accounts';
import { userName, usersQuery } from '#/shared/requests/users';
import { count } from '#/shared/time/format';
import { SendAsPanel } from './SendAsPanel';
import { sendHealth, syncHealth } from './health';
import classes from './accounts.module.css';

export function AccountListPage({ connected, notConnected }: { connected?: string | undefined; notConnected?: string | undefined }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data: accounts, error, refetch } = useQuery(accountsQuery);
  const { data: users = [] } = useQuery(usersQuery);
  const fresh = accounts?.find((account) => account.id === connected);
  const add = () => void navigate({ to: '/settings/accounts/new' });
  const owner = (account: Account) => { const user = users.find((each) => each.id === account.user_id); return user ? userName(user) : t('accounts.team'); };
  return (
    <ScrollPage title={t('shell.place.accounts')} after={accounts && accounts.length > 0 && <span className={classes.number}>{count(accounts.length)}</span>} hint={t('accounts.hint')}
      actions={accounts && accounts.length > 0 && <Button leftSection={<IconPlus size={16} />} onClick={add}>{t('accounts.add')}</Button>}>
      {notConnected && <Notice tone="bad" title={t('connect.notConnected')}>{notConnected}</Notice>}
      {fresh && <Notice tone="calm">{t('connect.connected', { email: fresh.email })}</Notice>}
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!accounts && !error && <Skeleton h={140} radius={12} />}
      {accounts?.length === 0 && <Panel><EmptyState icon={IconMailPlus} title={t('inbox.noAccount')} hint={t('entry.connectHint')} action={{ label: t('accounts.add'), run: add }} /></Panel>}
      {accounts && accounts.length > 0 && (
        <Panel flush>
          <ul className={classes.list}>
            {accounts.map((account) => <AccountRow key={account.id} account={account} owner={owner(account)} />)}
          </ul>
        </Panel>
      )}
      {accounts && accounts.length > 0 && <SendAsPanel />}
    </ScrollPage>
  );
}

function AccountRow({ account, owner }: { account: Account; owner: string }) {
  const { t } = useTranslation();
  const sync = syncHealth(account);
  const send = sendHealth(account);
  const problem = sync.word === 'error' ? troubleWords(t, account.receive_remedy, account.receive_error) : send.word === 'error' ? troubleWords(t, account.send_remedy, account.send_error) : '';
  return (
    <li>
      <Link to="/settings/accounts/$accountId" params={{ accountId: account.id }} className={classes.account}>
        <Initials name={account.display_name || account.email} size={36} />
        <div className={classes.accountText}>
          <Text size="sm" fw={600} truncate>{account.email}{account.is_default && <span className={classes.tag}>{t('accounts.default')}</span>}</Text>
          <Text size="xs" c="var(--text-3)" truncate>{t(`accounts.providerName.${account.provider}` as 'accounts.providerName.custom', { defaultValue: account.provider })} · {owner}</Text>
          {problem && <Text size="xs" c="var(--bad)" lineClamp={2} mt={2}>{problem}</Text>}
        </div>
        <div className={classes.accountStates}>
          <StatusDot health={sync.health}>{t(`accounts.syncing.${sync.word}`)}</StatusDot>
          <StatusDot health={send.health}>{t(`accounts.sending.${send.word}`)}</StatusDot>
        </div>
        <Text size="xs" c="var(--text-3)" className={classes.sentToday}>{t('accounts.sentToday', { count: account.emails_sent_today })}</Text>
      </Link>
    </li>
  );
}
