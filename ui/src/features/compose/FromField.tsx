import { Anchor, Select, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Writing } from '#/shared/mail/composing';
import type { Sender } from './useSenders';
import classes from './compose.module.css';

type Props = { senders: Sender[]; isLoaded: boolean; writing: Writing; onChange: (sender: Sender) => void };

export function FromField({ senders, isLoaded, writing, onChange }: Props) {
  const { t } = useTranslation();
  const current = senders.find((sender) => sender.accountId === writing.accountId && sender.address.email === writing.from?.email);
  if (isLoaded && !senders.length) {
    return (
      <div className={classes.field} data-tone="bad">
        <Text size="sm">{t('compose.noSender')} <Anchor size="sm" renderRoot={(props) => <Link {...props} to="/settings/accounts/new" />}>{t('entry.connectAction')}</Anchor></Text>
      </div>
    );
  }
  return (
    <div className={classes.field}>
      <span className={classes.label} id="compose-from">{t('mail.from')}</span>
      {senders.length === 1
        ? <Text size="sm" py={5} truncate>{current?.label ?? senders[0]!.label}</Text>
        : (
          <Select variant="unstyled" flex={1} aria-labelledby="compose-from" data={senders.map(({ key, label }) => ({ value: key, label }))} value={current?.key ?? null}
            onChange={(key) => { const sender = senders.find((each) => each.key === key); if (sender) onChange(sender); }} />
        )}
      {current?.isBroken && <Text size="xs" c="var(--bad)" title={current.problem}>{t('compose.cannotSend')}</Text>}
    </div>
  );
}
