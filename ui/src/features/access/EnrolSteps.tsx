import { Button, Group, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '#/shared/api/errors';
import { explainError } from '#/shared/parts/explainError';
import { Notice } from '#/shared/parts/Notice';
import classes from './access.module.css';
import { QrCode } from './QrCode';
import { RecoveryCodes } from './RecoveryCodes';
import { beginTwoFactor, confirmTwoFactor } from './security';

const grouped = (secret: string) => secret.match(/.{1,4}/g)?.join(' ') ?? secret;

/** The app is told the secret, shows a code, and the recovery codes are kept: only then is it done. */
export function EnrolSteps({ onDone, onCancel }: { onDone: () => void; onCancel?: () => void }) {
  const { t } = useTranslation();
  const [code, setCode] = useState('');
  const begun = useQuery({ queryKey: ['access', 'enrolment'], queryFn: beginTwoFactor, staleTime: Infinity, gcTime: 0, retry: false });
  const confirm = useMutation({ mutationFn: () => confirmTwoFactor(code) });
  if (confirm.data) return <RecoveryCodes codes={confirm.data.codes} onKept={onDone} />;
  if (begun.error) return <Stack><Notice tone="bad">{explainError(begun.error, t)}</Notice><Group><Button onClick={() => void begun.refetch()}>{t('general.tryAgain')}</Button>{onCancel && <Button variant="default" onClick={onCancel}>{t('general.cancel')}</Button>}</Group></Stack>;
  if (!begun.data) return <Skeleton height={208} />;
  const fault = confirm.error instanceof ApiError ? confirm.error.fields.code ?? confirm.error.message : undefined;
  return (
    <div className={classes.enrol}>
      <QrCode text={begun.data.uri} label={t('access.twoFactor.qr')} />
      <form className={classes.enrolText} onSubmit={(event) => { event.preventDefault(); confirm.mutate(); }}>
        <Text size="sm">{t('access.twoFactor.scan')}</Text>
        <div><Text size="xs" c="var(--text-3)" mb={4}>{t('access.twoFactor.secret')}</Text><code className={classes.secret}>{grouped(begun.data.secret)}</code></div>
        <TextInput label={t('access.twoFactor.code')} inputMode="numeric" autoComplete="one-time-code" maxLength={7} required autoFocus value={code} error={fault} onChange={(event) => setCode(event.currentTarget.value)} />
        <Group gap="sm"><Button type="submit" loading={confirm.isPending}>{t('access.twoFactor.confirm')}</Button>{onCancel && <Button variant="default" onClick={onCancel}>{t('general.cancel')}</Button>}</Group>
      </form>
    </div>
  );
}
