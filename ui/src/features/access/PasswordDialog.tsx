import { Button, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { onPasswordNeeded } from '#/shared/api/client';
import { explainError } from '#/shared/parts/explainError';
import { Notice } from '#/shared/parts/Notice';
import { confirmPassword } from './security';

/** Waits until the server asks for the password before a sensitive change; what was asked for then goes on by itself. */
export function PasswordDialog() {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const [password, setPassword] = useState('');
  const waiting = useRef<((isGiven: boolean) => void)[]>([]);
  const settle = (isGiven: boolean) => {
    for (const resolve of waiting.current.splice(0)) resolve(isGiven);
    setOpen(false);
    setPassword('');
  };
  const give = useMutation({ mutationFn: () => confirmPassword(password), onSuccess: () => settle(true) });
  useEffect(() => onPasswordNeeded(() => new Promise((resolve) => { waiting.current.push(resolve); setOpen(true); })), []);
  return (
    <Modal opened={isOpen} onClose={() => settle(false)} title={t('access.password.again')} centered size="sm" zIndex={400} closeButtonProps={{ 'aria-label': t('general.close') }}>
      <form onSubmit={(event) => { event.preventDefault(); event.stopPropagation(); give.mutate(); }}>
        <Stack gap="sm">
          <Text size="sm" c="var(--text-2)">{t('access.password.againHint')}</Text>
          <PasswordInput data-autofocus label={t('access.password.label')} autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
          {give.error && <Notice tone="bad">{explainError(give.error, t)}</Notice>}
          <Button type="submit" loading={give.isPending}>{t('access.password.continue')}</Button>
        </Stack>
      </form>
    </Modal>
  );
}
