import { Button, Group, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '#/shared/api/types';
import { explainError } from '#/shared/parts/explainError';
import { Panel } from '#/shared/parts/Page';
import { Notice } from '#/shared/parts/Notice';
import { testConnection } from './connect';
import { testSaved } from './mending';
import { ServerFields } from './ServerFields';
import { formOf, writeServer } from './serverForm';
import { SignedInBy } from './SignInAgain';
import { TestResult } from './TestResult';
import { useSaveAccount } from './useSaveAccount';

/** Servers and passwords of an account. A new password or server connects it anew and releases waiting mail. */
export function ServersPanel({ account }: { account: Account }) {
  const { t } = useTranslation();
  const [imap, setImap] = useState(formOf(account.imap, 'imap'));
  const [smtp, setSmtp] = useState(formOf(account.smtp, 'smtp'));
  const save = useSaveAccount(account.id);
  const servers = { imap: imap.address ? writeServer(imap, 'imap', account.email) : null, smtp: smtp.address ? writeServer(smtp, 'smtp', account.email) : null };
  const isTyped = imap.password !== '' || smtp.password !== '';
  const test = useMutation({ mutationFn: () => (isTyped ? testConnection({ email: account.email, provider: account.provider, ...servers }) : testSaved(account.id)) });
  const canTest = !isTyped || ([servers.imap, servers.smtp].every((server) => server === null || server.password !== undefined) && (servers.imap !== null || servers.smtp !== null));
  return (
    <form onSubmit={(event) => { event.preventDefault(); save.mutate(servers); }}>
      {account.sign_in && <SignedInBy account={account} />}
      <Panel title={t('accounts.imap')}><ServerFields protocol="imap" email={account.email} value={imap} onChange={setImap} hasPassword keptPassword={account.imap !== null} /></Panel>
      <Panel title={t('accounts.smtp')}><ServerFields protocol="smtp" email={account.email} value={smtp} onChange={setSmtp} hasPassword keptPassword={account.smtp !== null} /></Panel>
      {test.data && <TestResult result={test.data} />}
      {test.error && <Notice tone="bad">{explainError(test.error, t)}</Notice>}
      <Text size="xs" c="var(--text-3)" mb="sm">{t('accounts.passwordHint')}</Text>
      <Group justify="flex-end" gap="sm">
        <Button variant="default" disabled={!canTest} loading={test.isPending} onClick={() => test.mutate()}>{t('accounts.test')}</Button>
        <Button type="submit" loading={save.isPending}>{t('accounts.saveAndConnect')}</Button>
      </Group>
    </form>
  );
}
