import { Anchor, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '#/shared/api/errors';
import { explainError } from '#/shared/parts/explainError';
import { Notice } from '#/shared/parts/Notice';
import { CodeForm } from './CodeForm';
import { EntryCard } from './EntryCard';
import { signIn } from './signIn';

/** Address and password, and where two-factor is on, the code. */
export function SignInForm({ isSandbox, onSignedIn }: { isSandbox: boolean; onSignedIn: () => void }) {
  const { t } = useTranslation();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [step, setStep] = useState<string | null>(null);
  const enter = useMutation({
    mutationFn: () => signIn(email.trim(), password),
    onSuccess: (state) => { if (state.step) setStep(state.step); else onSignedIn(); },
  });
  if (step) return <CodeForm step={step} onSignedIn={onSignedIn} onAgain={() => { setStep(null); setPassword(''); }} />;
  const isWrong = enter.error instanceof ApiError && [400, 401, 403].includes(enter.error.status);
  return (
    <EntryCard title={t('entry.signIn')}>
      {isSandbox && <Notice tone="calm" title={t('entry.sandboxTitle')}>{t('entry.sandboxHint')} {t('entry.sandboxNotice')}</Notice>}
      <form onSubmit={(event) => { event.preventDefault(); enter.mutate(); }}>
        <Stack gap="sm">
          <TextInput label={t('entry.email')} type="email" name="email" autoComplete="username" required autoFocus value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
          <PasswordInput label={t('entry.password')} name="password" autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
          {enter.error && <Notice tone="bad">{isWrong ? enter.error.message || t('entry.wrong') : explainError(enter.error, t)}</Notice>}
          <Button type="submit" size="md" mt={4} loading={enter.isPending}>{t('entry.signIn')}</Button>
          <Anchor component={Link} to="/forgot" size="sm">{t('entry.forgot')}</Anchor>
        </Stack>
      </form>
    </EntryCard>
  );
}
