import { Anchor, Button, Group, List, PasswordInput, SimpleGrid, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '#/shared/api/errors';
import type { OauthClient } from '#/shared/api/types';
import { explainError } from '#/shared/parts/explainError';
import { Notice } from '#/shared/parts/Notice';
import { Panel } from '#/shared/parts/Page';
import { clientOf, formOfClient, type ClientFields } from './clientFields';
import { oauthClientsQuery, saveClient, signInsQuery } from './signIns';

const CONSOLE: Record<string, string> = { google: 'https://console.cloud.google.com/apis/credentials', microsoft: 'https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade' };
const STEPS = ['one', 'two', 'three'] as const;

/** One registered client. A secret goes in and never comes out again. */
export function ClientForm({ provider, client, onDone }: { provider: string; client: OauthClient | null; onDone: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [form, setForm] = useState(() => formOfClient(provider, client));
  const isOther = provider !== 'google' && provider !== 'microsoft';
  const save = useMutation({
    mutationFn: () => saveClient(form.provider.trim(), clientOf(form)),
    onSuccess: () => { void queries.invalidateQueries({ queryKey: oauthClientsQuery.queryKey }); void queries.invalidateQueries({ queryKey: signInsQuery.queryKey }); onDone(); },
  });
  const errors = save.error instanceof ApiError ? save.error.fields : {};
  const field = (name: keyof ClientFields, label: string, more: { required?: boolean; placeholder?: string; description?: string } = {}) => (
    <TextInput label={label} value={form[name]} error={errors[name]} spellCheck={false} autoComplete="off" {...more} onChange={(event) => { const { value } = event.currentTarget; setForm((old) => ({ ...old, [name]: value })); }} />
  );
  return (
    <Panel title={isOther ? t('connect.otherProvider') : t(`accounts.providerName.${provider as 'google'}`)}>
      {!isOther && (
        <List size="sm" spacing={4} type="ordered" mb="md">
          {STEPS.map((step) => <List.Item key={step}>{t(`connect.steps.${provider as 'google'}.${step}`)}{step === 'one' && <> <Anchor size="sm" href={CONSOLE[provider]} target="_blank" rel="noopener noreferrer">{t('connect.openConsole')}</Anchor></>}</List.Item>)}
        </List>
      )}
      <form onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          {isOther && !client && field('provider', t('connect.key'), { required: true, placeholder: 'house' })}
          {isOther && field('name', t('connect.name'), { placeholder: 'House' })}
          {field('client_id', t('connect.clientId'), { required: true })}
          <PasswordInput label={t('connect.secret')} placeholder={client?.has_secret ? t('accounts.passwordKept') : ''} autoComplete="new-password" value={form.client_secret} onChange={(event) => { const { value } = event.currentTarget; setForm((old) => ({ ...old, client_secret: value })); }} />
          {provider === 'microsoft' && field('tenant', t('connect.tenant'), { description: t('connect.tenantHint') })}
          {isOther && field('authorize_url', t('connect.authorizeUrl'), { required: true, placeholder: 'https://' })}
          {isOther && field('token_url', t('connect.tokenUrl'), { required: true, placeholder: 'https://' })}
          {isOther && field('revoke_url', t('connect.revokeUrl'), { placeholder: 'https://' })}
          {isOther && field('sync_scope', t('connect.syncScope'))}
          {isOther && field('send_scope', t('connect.sendScope'))}
          {isOther && field('imap', t('accounts.imap'), { placeholder: 'imap.example.com:993' })}
          {isOther && field('smtp', t('accounts.smtp'), { placeholder: 'smtp.example.com:465' })}
        </SimpleGrid>
        {save.error && <Notice tone="bad">{explainError(save.error, t)}</Notice>}
        <Group justify="space-between" mt="md" gap="sm">
          <Text size="xs" c="var(--text-3)">{t('connect.secretHint')}</Text>
          <Group gap="sm"><Button variant="default" onClick={onDone}>{t('general.cancel')}</Button><Button type="submit" loading={save.isPending}>{t('general.save')}</Button></Group>
        </Group>
      </form>
    </Panel>
  );
}
