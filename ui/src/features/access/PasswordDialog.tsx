import { Button, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { explainError } from '#/shared/parts/explainError';
import { Notice } from '#/shared/parts/Notice';
import { confirmPassword } from './security';

/** Asks for the password once more. */
export function PasswordDialog({ isAsked, onSettled }: { isAsked: boolean; onSettled: (isGiven: boolean) => void }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const [password, setPassword] = useState('');
  useEffect(() => {
    // A frame after it is there: a dialog that begins open does not know where to give the focus back.
    const frame = requestAnimationFrame(() => setOpen(isAsked));
    return () => cancelAnimationFrame(frame);
  }, [isAsked]);
  const settle = (isGiven: boolean) => { setPassword(''); onSettled(isGiven); };
  const give = useMutation({ mutationFn: () => confirmPassword(password), onSuccess: () => settle(true) });
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
