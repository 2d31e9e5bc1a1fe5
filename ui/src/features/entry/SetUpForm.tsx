import { Button, Group, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '#/shared/api/errors';
import { explainError } from '#/shared/parts/explainError';
import { Notice } from '#/shared/parts/Notice';
import { EntryCard } from './EntryCard';
import { setUp, type FirstUser } from './setUp';

const NOBODY: FirstUser = { organization_name: '', first_name: '', last_name: '', email: '', password: '' };

/** The first person to open a fresh installation names the organization and becomes its admin. */
export function SetUpForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const [first, setFirst] = useState(NOBODY);
  const create = useMutation({ mutationFn: () => setUp(first), onSuccess: onDone });
  const fields = create.error instanceof ApiError ? create.error.fields : {};
  const bind = (name: keyof FirstUser) => ({
    name, required: true, value: first[name], error: fields[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => { const { value } = event.currentTarget; setFirst((old) => ({ ...old, [name]: value })); },
  });
  return (
    <EntryCard title={t('entry.setUp')} hint={t('entry.setUpHint')}>
      <form onSubmit={(event) => { event.preventDefault(); create.mutate(); }}>
        <Stack gap="sm">
          <TextInput label={t('entry.organization')} autoFocus autoComplete="organization" {...bind('organization_name')} />
          <Group grow gap="sm" align="flex-start">
            <TextInput label={t('entry.firstName')} autoComplete="given-name" {...bind('first_name')} />
            <TextInput label={t('entry.lastName')} autoComplete="family-name" {...bind('last_name')} />
          </Group>
          <TextInput label={t('entry.email')} type="email" autoComplete="username" {...bind('email')} />
          <PasswordInput label={t('entry.newPassword')} description={t('entry.newPasswordHint')} autoComplete="new-password" minLength={8} {...bind('password')} />
          {create.error && Object.keys(fields).length === 0 && <Notice tone="bad">{explainError(create.error, t)}</Notice>}
          <Button type="submit" size="md" mt={4} loading={create.isPending}>{t('entry.create')}</Button>
        </Stack>
      </form>
    </EntryCard>
  );
}
