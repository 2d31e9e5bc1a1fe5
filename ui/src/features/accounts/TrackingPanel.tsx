import { Stack, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Account } from '#/shared/api/types';
import { Panel } from '#/shared/parts/Page';
import { canTrackQuery } from '#/shared/requests/tracking';
import { useSaveAccount } from './useSaveAccount';

/** What is tracked of the account's emails unless one says otherwise. */
export function TrackingPanel({ account }: { account: Account }) {
  const { t } = useTranslation();
  const save = useSaveAccount(account.id);
  const { data: canTrack } = useQuery(canTrackQuery);
  return (
    <Panel title={t('tracking.title')} hint={t('tracking.hint')}>
      <Stack gap="md">
        {canTrack === false && <Text size="sm" c="var(--text-2)">{t('tracking.needsHttps')}</Text>}
        <Switch label={t('tracking.opens')} description={t('tracking.opensHint')} checked={account.track_opens} disabled={!canTrack && !account.track_opens} onChange={(event) => save.mutate({ track_opens: event.currentTarget.checked })} />
        <Switch label={t('tracking.clicks')} description={t('tracking.clicksHint')} checked={account.track_clicks} disabled={!canTrack && !account.track_clicks} onChange={(event) => save.mutate({ track_clicks: event.currentTarget.checked })} />
      </Stack>
    </Panel>
  );
}
