import { Anchor, Button, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { explainError } from '#/shared/parts/explainError';
import { Notice } from '#/shared/parts/Notice';
import { EntryCard } from './EntryCard';
import { forgot } from './signIn';

/** Asks for a password link. What it answers is the same for every address. */
export function ForgotForm() {
  const { t } = useTranslation();
  const [email, setEmail] = useState('');
  const ask = useMutation({ mutationFn: () => forgot(email.trim()) });
  return (
    <EntryCard title={t('entry.forgotTitle')} hint={t('entry.forgotHint')}>
      <form onSubmit={(event) => { event.preventDefault(); ask.mutate(); }}>
        <Stack gap="sm">
          <TextInput label={t('entry.email')} type="email" name="email" autoComplete="username" required autoFocus value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
          {ask.error && <Notice tone="bad">{explainError(ask.error, t)}</Notice>}
          {ask.isSuccess && <div role="status"><Notice tone="calm">{t('entry.forgotSent', { email: email.trim() })}</Notice></div>}
          <Button type="submit" size="md" mt={4} loading={ask.isPending}>{t('entry.forgotSend')}</Button>
          <Text size="xs" c="var(--text-3)">{t('entry.forgotNoMail')}</Text>
          <Anchor component={Link} to="/sign-in" size="sm">{t('entry.backToSignIn')}</Anchor>
        </Stack>
      </form>
    </EntryCard>
  );
}
