import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '#/shared/api/errors';
import { explainError } from '#/shared/parts/explainError';
import { Notice } from '#/shared/parts/Notice';
import { EntryCard } from './EntryCard';
import { signIn } from './signIn';

export function SignInForm({ isSandbox, onSignedIn }: { isSandbox: boolean; onSignedIn: () => void }) {
  const { t } = useTranslation();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const enter = useMutation({ mutationFn: () => signIn(email.trim(), password), onSuccess: onSignedIn });
  const isWrong = enter.error instanceof ApiError && [400, 401, 403].includes(enter.error.status);
  return (
    <EntryCard title={t('entry.signIn')} hint={isSandbox ? t('entry.sandboxHint') : undefined}>
      <form onSubmit={(event) => { event.preventDefault(); enter.mutate(); }}>
        <Stack gap="sm">
          <TextInput label={t('entry.email')} type="email" name="email" autoComplete="username" required autoFocus value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
          <PasswordInput label={t('entry.password')} name="password" autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
          {enter.error && <Notice tone="bad">{isWrong ? enter.error.message || t('entry.wrong') : explainError(enter.error, t)}</Notice>}
          <Button type="submit" size="md" mt={4} loading={enter.isPending}>{t('entry.signIn')}</Button>
        </Stack>
      </form>
    </EntryCard>
  );
}
