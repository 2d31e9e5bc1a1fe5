import { ActionIcon, Button, Group, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account, Identity } from '#/shared/api/types';
import { isPlausible } from '#/shared/mail/addresses';
import { notifyDone, notifyError } from '#/shared/parts/notify';
import { Panel } from '#/shared/parts/Page';
import { Patterns } from './Patterns';
import { ProveAlias } from './ProveAlias';
import { identitiesQuery, saveIdentities } from './rules';
import { useSaveAccount } from './useSaveAccount';

/** What is never kept, and which addresses are ours. */
export function RulesPanel({ account }: { account: Account }) {
  const { t } = useTranslation();
  return (
    <>
      <Panel title={t('links.title')} hint={t('links.titleHint')}><Links account={account} /></Panel>
      <Panel title={t('accounts.exclude')} hint={t('accounts.excludeHint')}>
        <Patterns accountId={account.id} label={t('accounts.excludeHere', { email: account.email })} />
        <Patterns accountId={null} label={t('accounts.excludeEverywhere')} />
      </Panel>
      <Panel title={t('accounts.aliases')} hint={t('accounts.aliasesHint')}><Aliases account={account} /></Panel>
    </>
  );
}

/** What is linked by itself, and what is only proposed. */
function Links({ account }: { account: Account }) {
  const { t } = useTranslation();
  const save = useSaveAccount(account.id);
  return (
    <Stack gap="md">
      <Switch label={t('links.byAddress')} description={t('links.byAddressHint')} checked={account.auto_link} onChange={(event) => save.mutate({ auto_link: event.currentTarget.checked })} />
      <Switch label={t('links.byName')} description={t('links.byNameHint')} checked={account.link_by_name} onChange={(event) => save.mutate({ link_by_name: event.currentTarget.checked })} />
      <Switch label={t('links.byDomain')} description={t('links.byDomainHint')} checked={account.link_by_domain} onChange={(event) => save.mutate({ link_by_domain: event.currentTarget.checked })} />
      <Text size="sm"><Link to="/settings/proposals">{t('links.proposals')}</Link></Text>
    </Stack>
  );
}

function Aliases({ account: { id: accountId, email: own } }: { account: Account }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { data } = useQuery(identitiesQuery(accountId, own));
  const [edited, setEdited] = useState<Identity[] | null>(null);
  const rows = edited ?? data ?? [];
  const save = useMutation({
    mutationFn: () => saveIdentities(accountId, own, rows.map((row) => ({ email: row.email.trim(), name: row.name.trim() })).filter((row) => row.email)),
    onSuccess: (saved) => { queries.setQueryData(identitiesQuery(accountId, own).queryKey, saved); void queries.invalidateQueries({ queryKey: ['accounts'] }); setEdited(null); notifyDone(t('general.saved')); },
    onError: (error) => notifyError(error),
  });
  const change = (index: number, part: Partial<Identity>) => setEdited(rows.map((row, i) => (i === index ? { ...row, ...part } : row)));
  const isValid = rows.every((row) => !row.email.trim() || isPlausible(row.email.trim()));
  return (
    <form onSubmit={(event) => { event.preventDefault(); if (isValid) save.mutate(); }}>
      {rows.length === 0 && <Text size="sm" c="var(--text-3)" mb="sm">{t('accounts.noAliases')}</Text>}
      {rows.map((row, index) => (
        <Group key={index} gap={8} mb={8} wrap="nowrap">
          <TextInput flex={1} aria-label={t('accounts.aliasAddress', { number: index + 1 })} placeholder={t('entry.email')} value={row.email} onChange={(event) => change(index, { email: event.currentTarget.value })} error={!!row.email.trim() && !isPlausible(row.email.trim())} />
          <TextInput flex={1} aria-label={t('accounts.aliasName', { number: index + 1 })} placeholder={t('accounts.displayName')} value={row.name} onChange={(event) => change(index, { name: event.currentTarget.value })} />
          <ActionIcon size={34} aria-label={`${t('general.remove')} ${row.email}`} onClick={() => setEdited(rows.filter((_, i) => i !== index))}><IconX size={16} /></ActionIcon>
        </Group>
      ))}
      {data?.filter((row) => row.proof === 'pending' && !edited).map((row) => <ProveAlias key={row.email} accountId={accountId} email={row.email} />)}
      <Group justify="space-between">
        <Button size="compact-sm" variant="subtle" leftSection={<IconPlus size={14} />} onClick={() => setEdited([...rows, { email: '', name: '' }])}>{t('accounts.addAlias')}</Button>
        {edited && <Button size="xs" type="submit" disabled={!isValid} loading={save.isPending}>{t('general.save')}</Button>}
      </Group>
    </form>
  );
}
