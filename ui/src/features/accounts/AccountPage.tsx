import { Button, Skeleton, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Notice } from '#/shared/parts/Notice';
import { ErrorState } from '#/shared/parts/ErrorState';
import { BackTo } from '#/shared/parts/BackTo';
import { ScrollPage } from '#/shared/parts/Page';
import { StatusDot } from '#/shared/parts/StatusDot';
import { accountsQuery } from '#/shared/requests/accounts';
import { GeneralPanel } from './GeneralPanel';
import { sendHealth, syncHealth } from './health';
import { RemovePanel } from './RemovePanel';
import { RulesPanel } from './RulesPanel';
import { ServersPanel } from './ServersPanel';
import { SyncPanel } from './SyncPanel';
import { ACCOUNT_TABS, type AccountTab } from './tabs';
import { Trouble } from './Trouble';
import classes from './accounts.module.css';

type Props = { accountId: string; tab: AccountTab; onTab: (tab: AccountTab) => void; onGone: () => void;
  /** While there is nobody to have email with, the way to the first contact. */
  onAddContact?: (() => void) | undefined;
};

export function AccountPage({ accountId, tab, onTab, onGone, onAddContact }: Props) {
  const { t } = useTranslation();
  const { data: accounts, error, refetch } = useQuery(accountsQuery);
  const account = accounts?.find((each) => each.id === accountId);
  if (error && !accounts) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!accounts) return <ScrollPage title="" after={<Skeleton h={22} w={240} />}><Skeleton h={240} radius={12} /></ScrollPage>;
  if (!account) return <ScrollPage title={t('accounts.gone')} hint={<Link to="/settings/accounts">{t('shell.place.accounts')}</Link>}>{null}</ScrollPage>;
  const sync = syncHealth(account);
  const send = sendHealth(account);
  return (
    <ScrollPage title={account.email} before={<BackTo to="/settings/accounts" />}
      actions={<><StatusDot health={sync.health}>{t(`accounts.syncing.${sync.word}`)}</StatusDot><StatusDot health={send.health}>{t(`accounts.sending.${send.word}`)}</StatusDot></>}>
      {onAddContact && <Notice tone="calm" title={t('entry.nextContact')}>{t('entry.nextContactHint')}<div><Button size="xs" mt={8} onClick={onAddContact}>{t('entry.addContactAction')}</Button></div></Notice>}
      <Trouble account={account} onServers={() => onTab('servers')} />
      <Tabs value={tab} onChange={(value) => onTab(value as AccountTab)} keepMounted={false}>
        <Tabs.List mb="md" className={classes.tabs}>{ACCOUNT_TABS.map((each) => <Tabs.Tab key={each} value={each}>{t(`accounts.tab.${each}`)}</Tabs.Tab>)}</Tabs.List>
        <Tabs.Panel value="sync"><SyncPanel account={account} /></Tabs.Panel>
        <Tabs.Panel value="general"><GeneralPanel key={account.id} account={account} /></Tabs.Panel>
        <Tabs.Panel value="servers"><ServersPanel key={account.id} account={account} /></Tabs.Panel>
        <Tabs.Panel value="rules"><RulesPanel account={account} /></Tabs.Panel>
        <Tabs.Panel value="remove"><RemovePanel account={account} onGone={onGone} /></Tabs.Panel>
      </Tabs>
    </ScrollPage>
  );
}
