import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Mail } from '#/shared/api/types';
import { Notice } from '#/shared/parts/Notice';
import { accountsQuery } from '#/shared/requests/accounts';
import { exactDate, relativeTime } from '#/shared/time/format';
import { zoneName } from '#/shared/time/zone';

/** Where an email stands that has not left: when it will, or why it could not, and what helps. */
export function StandingNotice({ mail }: { mail: Mail }) {
  const { t } = useTranslation();
  const { data: accounts = [] } = useQuery(accountsQuery);
  const account = accounts.find((each) => each.id === mail.email_account_id);
  const isBroken = account?.send_status === 'error';
  const mend = isBroken && (
    <> <Anchor size="sm" c="inherit" td="underline" renderRoot={(props) => <Link {...props} to="/settings/accounts/$accountId" params={{ accountId: account.id }} />}>{t('lists.mendAccount', { email: account.email })}</Anchor></>
  );
  if (mail.status === 'scheduled') {
    return <Notice tone="calm" title={t('mail.note.scheduled', { when: exactDate(new Date(mail.date)) })}>{t('lists.leavesIn', { when: relativeTime(mail.date), zone: zoneName() })}</Notice>;
  }
  if (mail.status === 'error') {
    return <Notice tone="bad" title={t('lists.failed')}>{mail.error || t('lists.noReason')}{mend || <> {t('lists.failedHint')}</>}</Notice>;
  }
  if (mail.status === 'outbox' && mail.error) {
    return <Notice tone="warn" title={t('lists.waiting')}>{mail.error} {isBroken ? mend : mail.next_try_at && t('lists.nextTry', { when: relativeTime(mail.next_try_at) })}</Notice>;
  }
  if (mail.status === 'outbox') return <Notice tone="calm">{t('mail.note.outbox')} {mail.next_try_at && t('lists.leaves', { when: relativeTime(mail.next_try_at) })}</Notice>;
  return null;
}

