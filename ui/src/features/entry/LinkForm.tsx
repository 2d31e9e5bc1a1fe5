import { Anchor, Button, Group, PasswordInput, Skeleton, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '#/shared/api/errors';
import type { AuthState } from '#/shared/api/types';
import { explainError } from '#/shared/parts/explainError';
import { Notice } from '#/shared/parts/Notice';
import { CodeForm } from './CodeForm';
import { EntryCard } from './EntryCard';
import { openLink, takeLink } from './signIn';

type Props = { token: string; onSignedIn: () => void; onAgain: () => void };

/** An invitation, or a password link: what it is for is asked of the server, the token alone is in the address. */
export function LinkForm({ token, onSignedIn, onAgain }: Props) {
  const { t } = useTranslation();
  const link = useQuery({ queryKey: ['link', token], queryFn: () => openLink(token), retry: false, staleTime: Infinity });
  const [step, setStep] = useState<string | null>(null);
  const [password, setPassword] = useState('');
  const [names, setNames] = useState<{ first_name?: string; last_name?: string }>({});
  const take = useMutation({
    mutationFn: () => takeLink({ token, password, ...names }),
    onSuccess: (state: AuthState) => { if (state.step) setStep(state.step); else onSignedIn(); },
  });
  if (step) return <CodeForm step={step} onSignedIn={onSignedIn} onAgain={onAgain} />;
  if (link.error) return <EntryCard title={t('entry.linkGone')} hint={link.error instanceof ApiError && [400, 404].includes(link.error.status) ? t('entry.linkGoneHint') : explainError(link.error, t)}><Anchor component={Link} to="/sign-in" size="sm">{t('entry.backToSignIn')}</Anchor></EntryCard>;
  if (!link.data) return <EntryCard title=""><Skeleton height={120} /></EntryCard>;
  const { purpose, organization_name: organization, email, first_name, last_name } = link.data;
  const isInvitation = purpose === 'invitation';
  const fields = take.error instanceof ApiError ? take.error.fields : {};
  return (
    <EntryCard title={isInvitation ? t('entry.joinTitle', { organization }) : t('entry.resetTitle')} hint={isInvitation ? t('entry.joinHint', { email }) : t('entry.resetHint', { email })}>
      <form onSubmit={(event) => { event.preventDefault(); take.mutate(); }}>
        <Stack gap="sm">
          <input type="email" name="email" autoComplete="username" value={email} readOnly hidden />
          {isInvitation && (
            <Group grow gap="sm" align="flex-start">
              <TextInput label={t('entry.firstName')} autoComplete="given-name" value={names.first_name ?? first_name} onChange={(event) => { const { value } = event.currentTarget; setNames((old) => ({ ...old, first_name: value })); }} />
              <TextInput label={t('entry.lastName')} autoComplete="family-name" value={names.last_name ?? last_name} onChange={(event) => { const { value } = event.currentTarget; setNames((old) => ({ ...old, last_name: value })); }} />
            </Group>
          )}
          <PasswordInput label={t('entry.newPassword')} description={t('entry.newPasswordHint')} autoComplete="new-password" required minLength={8} autoFocus value={password} error={fields.password} onChange={(event) => setPassword(event.currentTarget.value)} />
          {take.error && !fields.password && <Notice tone="bad">{explainError(take.error, t)}</Notice>}
          <Button type="submit" size="md" mt={4} loading={take.isPending}>{t(isInvitation ? 'entry.join' : 'entry.setPassword')}</Button>
        </Stack>
      </form>
    </EntryCard>
  );
}
