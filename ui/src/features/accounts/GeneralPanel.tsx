import { Button, Group, Radio, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '#/shared/api/types';
import { Panel } from '#/shared/parts/Page';
import { TrackingPanel } from './TrackingPanel';
import { useSaveAccount } from './useSaveAccount';

const SEEN = ['everything', 'metadata', 'nothing'] as const;

export function GeneralPanel({ account }: { account: Account }) {
  const { t } = useTranslation();
  const save = useSaveAccount(account.id);
  const [name, setName] = useState(account.display_name);
  const [replyTo, setReplyTo] = useState(account.reply_to);
  const isChanged = name !== account.display_name || replyTo !== account.reply_to;
  return (
    <>
      <Panel title={t('accounts.tab.general')}>
        <form onSubmit={(event) => { event.preventDefault(); save.mutate({ display_name: name.trim(), reply_to: replyTo.trim() }); }}>
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            <TextInput label={t('accounts.displayName')} description={t('accounts.displayNameHint')} value={name} onChange={(event) => setName(event.currentTarget.value)} />
            <TextInput label={t('accounts.replyTo')} description={t('accounts.replyToHint')} value={replyTo} onChange={(event) => setReplyTo(event.currentTarget.value)} />
          </SimpleGrid>
          <Group justify="flex-end" mt="md"><Button type="submit" disabled={!isChanged} loading={save.isPending}>{t('general.save')}</Button></Group>
        </form>
      </Panel>
      <Panel title={t('accounts.switches')}>
        <Stack gap="md">
          <Switch label={t('accounts.isDefault')} description={t('accounts.isDefaultHint')} checked={account.is_default} disabled={account.is_default} onChange={() => save.mutate({ is_default: true })} />
          <Switch label={t('accounts.isActive')} description={t('accounts.isActiveHint')} checked={account.is_active} onChange={(event) => save.mutate({ is_active: event.currentTarget.checked })} />
          <Switch label={t('accounts.receives')} description={t('accounts.receivesHint')} checked={account.sync_enabled} disabled={!account.imap} onChange={(event) => save.mutate({ sync_enabled: event.currentTarget.checked })} />
          <Switch label={t('accounts.sends')} description={t('accounts.sendsHint')} checked={account.send_enabled} disabled={!account.smtp} onChange={(event) => save.mutate({ send_enabled: event.currentTarget.checked })} />
          <Switch label={t('accounts.archiveSync')} description={t('accounts.archiveSyncHint')} checked={account.archive_sync} onChange={(event) => save.mutate({ archive_sync: event.currentTarget.checked })} />
          <Switch label={t('accounts.readSync')} description={t('accounts.readSyncHint')} checked={account.read_sync} onChange={(event) => save.mutate({ read_sync: event.currentTarget.checked })} />
        </Stack>
      </Panel>
      {account.smtp && <TrackingPanel account={account} />}
      <Panel title={t('aliases.coworkers')} hint={t('aliases.coworkersHint')}>
        <Radio.Group aria-label={t('aliases.coworkers')} value={account.coworkers_see} onChange={(value) => save.mutate({ coworkers_see: value as 'everything' })}>
          <Stack gap="sm">{SEEN.map((what) => <Radio key={what} value={what} label={t(`aliases.see.${what}`)} description={t(`aliases.seeHint.${what}`)} />)}</Stack>
        </Radio.Group>
      </Panel>
    </>
  );
}
