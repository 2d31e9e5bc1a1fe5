import { ActionIcon, Button, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Webhook } from '#/shared/api/types';
import { relativeTime } from '#/shared/time/format';
import classes from './developers.module.css';
import { healthOf, inUtc, kindOf } from './webhooks';

type Props = { webhook: Webhook; isTrying: boolean; onTry: () => void; onStatus: (status: 'active' | 'paused') => void; onRemove: () => void };

const SHOWN = 4;

export function WebhookRow({ webhook, isTrying, onTry, onStatus, onRemove }: Props) {
  const { t } = useTranslation();
  const kinds = webhook.events.map(kindOf);
  const isPaused = webhook.status === 'paused';
  return (
    <li className={classes.row}>
      <div className={classes.text}>
        <Text size="sm" fw={550} className={classes.address}>{webhook.url}</Text>
        <div className={classes.kinds}>
          {kinds.slice(0, SHOWN).map((kind) => <code key={kind} className={classes.kind}>{kind}</code>)}
          {kinds.length > SHOWN && <span className={classes.kind}>{t('developers.moreKinds', { count: kinds.length - SHOWN })}</span>}
        </div>
        <Standing webhook={webhook} />
      </div>
      <div className={classes.actions}>
        <Button variant="default" size="xs" loading={isTrying} aria-label={`${t('developers.test')}: ${webhook.url}`} onClick={onTry}>{t('developers.test')}</Button>
        <Button variant="default" size="xs" aria-label={`${t(isPaused ? 'developers.resume' : 'developers.pause')}: ${webhook.url}`} onClick={() => onStatus(isPaused ? 'active' : 'paused')}>{t(isPaused ? 'developers.resume' : 'developers.pause')}</Button>
        <ActionIcon size={32} aria-label={`${t('developers.remove')}: ${webhook.url}`} onClick={onRemove}><IconTrash size={17} /></ActionIcon>
      </div>
    </li>
  );
}

/** How it fares, in words: colour alone says nothing to everybody. */
function Standing({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation();
  const health = healthOf(webhook);
  return (
    <div className={classes.sub}>
      <span data-tone={health === 'failing' ? 'bad' : health === 'paused' ? 'warn' : health === 'healthy' ? 'good' : undefined}>{t(`developers.health.${health}`)}</span>
      {webhook.date_delivered && <span>{t('developers.delivered', { when: relativeTime(inUtc(webhook.date_delivered)) })}</span>}
      {webhook.pause_reason && <span>{webhook.pause_reason}</span>}
      {health !== 'healthy' && webhook.latest_error && <span>{webhook.latest_error}</span>}
      {!webhook.verify_ssl && <span>{t('developers.unverified')}</span>}
    </div>
  );
}
