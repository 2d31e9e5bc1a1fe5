import { Button, Checkbox, Group, PasswordInput, Select, SimpleGrid, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '#/shared/api/errors';
import type { Account, Provider } from '#/shared/api/types';
import { explainError } from '#/shared/parts/explainError';
import { Panel } from '#/shared/parts/Page';
import { Notice } from '#/shared/parts/Notice';
import { createAccount, testConnection } from './connect';
import { ServerFields } from './ServerFields';
import { TestResult } from './TestResult';
import { useAccountForm } from './useAccountForm';

const HISTORY = ['all', '30', '90', '365', '730'] as const;

/** Address, password, servers; tested before it is saved, or saved as it is. */
export function AccountForm({ provider, startEmail, onAdded }: { provider: Provider; startEmail: string; onAdded: (account: Account) => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { form, set, guess, isComplete, write, trial } = useAccountForm(provider, startEmail);
  const [showsServers, setShowsServers] = useState(provider.imap === null);
  const test = useMutation({ mutationFn: () => testConnection(trial()) });
  const save = useMutation({
    mutationFn: () => createAccount(write()),
    onSuccess: (account) => { void queries.invalidateQueries({ queryKey: ['accounts'] }); onAdded(account); },
  });
  const fields = save.error instanceof ApiError ? save.error.fields : {};
  const error = save.error ?? test.error;

  return (
    <form onSubmit={(event) => { event.preventDefault(); if (isComplete) save.mutate(); }}>
      <Panel>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <TextInput label={t('accounts.address')} type="email" required autoFocus autoComplete="off" value={form.email} error={fields.email} onChange={(event) => set({ email: event.currentTarget.value })} onBlur={guess} />
          <TextInput label={t('accounts.displayName')} value={form.displayName} onChange={(event) => set({ displayName: event.currentTarget.value })} placeholder={t('accounts.displayNameExample')} />
          <PasswordInput label={t(provider.needs_app_password ? 'accounts.appPassword' : 'entry.password')} required autoComplete="new-password" value={form.password} onChange={(event) => set({ password: event.currentTarget.value })} />
          <Select label={t('accounts.history')} data={HISTORY.map((value) => ({ value, label: t(`accounts.historyChoice.${value}`) }))} value={form.historyDays} onChange={(value) => set({ historyDays: value ?? 'all' })} />
        </SimpleGrid>
        <Group mt="md" gap="lg">
          <Checkbox label={t('accounts.receives')} checked={form.receives} onChange={(event) => set({ receives: event.currentTarget.checked })} />
          <Checkbox label={t('accounts.sends')} checked={form.sends} onChange={(event) => set({ sends: event.currentTarget.checked })} />
          {!showsServers && <Button size="compact-sm" variant="subtle" ml="auto" onClick={() => setShowsServers(true)}>{t('accounts.showServers')}</Button>}
        </Group>
        {form.receives && <Checkbox mt="sm" label={t('aliases.lookFirst')} description={t('aliases.lookFirstHint')} checked={form.looksFirst} onChange={(event) => set({ looksFirst: event.currentTarget.checked })} />}
      </Panel>
      {showsServers && form.receives && (
        <Panel title={t('accounts.imap')}><ServerFields protocol="imap" email={form.email} value={form.imap} onChange={(imap) => set({ imap })} error={fields['imap.host'] ?? fields.imap} /></Panel>
      )}
      {showsServers && form.sends && (
        <Panel title={t('accounts.smtp')}>
          <ServerFields protocol="smtp" email={form.email} value={form.smtp} onChange={(smtp) => set({ smtp })} hasLogin={form.hasOwnSmtpLogin || !form.receives} hasPassword={form.hasOwnSmtpLogin && form.receives} error={fields['smtp.host'] ?? fields.smtp} />
          {form.receives && <Checkbox mt="sm" label={t('accounts.ownSmtpLogin')} checked={form.hasOwnSmtpLogin} onChange={(event) => set({ hasOwnSmtpLogin: event.currentTarget.checked })} />}
        </Panel>
      )}
      {test.data && <TestResult result={test.data} />}
      {error && <Notice tone="bad">{explainError(error, t)}</Notice>}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" disabled={!isComplete} loading={test.isPending} onClick={() => test.mutate()}>{t('accounts.test')}</Button>
        <Button type="submit" disabled={!isComplete} loading={save.isPending}>{t('accounts.save')}</Button>
      </Group>
    </form>
  );
}
