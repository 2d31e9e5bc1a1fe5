import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Account } from '#/shared/api/types';
import { troubleWords } from '#/shared/mail/trouble';
import { accountsQuery } from '#/shared/requests/accounts';
import classes from './shell.module.css';

const isBroken = (account: Account) => (account.sync_enabled && account.receive_status === 'error') || (account.send_enabled && account.send_status === 'error');

/** On every page: an account that stopped working, why, and the way to mend it. */
export function AccountBanner() {
  const { t } = useTranslation();
  const { data: accounts = [] } = useQuery(accountsQuery);
  const broken = accounts.filter(isBroken);
  const first = broken[0];
  if (!first) return null;
  const isSending = first.send_enabled && first.send_status === 'error';
  return (
    <div className={classes.banner} data-tone="bad" role="alert">
      <IconAlertTriangle size={16} aria-hidden />
      <span className={classes.bannerText}>
        <strong>{t(isSending ? 'shell.cannotSend' : 'shell.cannotReceive', { email: first.email })}</strong>{' '}
        {isSending ? troubleWords(t, first.send_remedy, first.send_error) : troubleWords(t, first.receive_remedy, first.receive_error)}
        {broken.length > 1 && ` ${t('shell.moreBroken', { count: broken.length - 1 })}`}
      </span>
      <Button size="compact-sm" variant="default" renderRoot={(props) => <Link {...props} to="/settings/accounts/$accountId" params={{ accountId: first.id }} />}>{t('shell.mend')}</Button>
    </div>
  );
}
