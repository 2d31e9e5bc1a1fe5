import { Anchor, Button, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '#/shared/api/errors';
import { explainError } from '#/shared/parts/explainError';
import { Notice } from '#/shared/parts/Notice';
import { EntryCard } from './EntryCard';
import { giveCode } from './signIn';

type Props = { step: string; onSignedIn: () => void; onAgain: () => void };

/** The second step of signing in. */
export function CodeForm({ step, onSignedIn, onAgain }: Props) {
  const { t } = useTranslation();
  const [code, setCode] = useState('');
  const enter = useMutation({ mutationFn: () => giveCode(step, code), onSuccess: onSignedIn, onError: () => setCode('') });
  const fault = enter.error instanceof ApiError ? enter.error.fields.code : undefined;
  return (
    <EntryCard title={t('entry.codeTitle')} hint={t('entry.codeHint')}>
      <form onSubmit={(event) => { event.preventDefault(); enter.mutate(); }}>
        <Stack gap="sm">
          <TextInput label={t('entry.code')} name="code" inputMode="text" autoComplete="one-time-code" required autoFocus maxLength={40} value={code} error={fault} onChange={(event) => setCode(event.currentTarget.value)} />
          <Text size="xs" c="var(--text-3)">{t('entry.recoveryHint')}</Text>
          {enter.error && !fault && <Notice tone="bad">{explainError(enter.error, t)}</Notice>}
          <Button type="submit" size="md" mt={4} loading={enter.isPending}>{t('entry.signIn')}</Button>
          <Anchor component="button" type="button" size="sm" onClick={onAgain}>{t('entry.backToSignIn')}</Anchor>
        </Stack>
      </form>
    </EntryCard>
  );
}
