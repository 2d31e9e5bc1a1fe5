import { Button, Group, PasswordInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '#/shared/api/errors';
import { notifyDone, notifyError } from '#/shared/parts/notify';
import { Panel } from '#/shared/parts/Page';
import { changePassword } from './security';

export function PasswordPanel() {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const change = useMutation({
    mutationFn: () => changePassword(password),
    onSuccess: () => { setPassword(''); notifyDone(t('access.password.changed')); },
    onError: (error) => { if (!(error instanceof ApiError && error.fields.password)) notifyError(error); },
  });
  const fault = change.error instanceof ApiError ? change.error.fields.password : undefined;
  return (
    <Panel title={t('access.password.change')} hint={t('access.password.changeHint')}>
      <form onSubmit={(event) => { event.preventDefault(); change.mutate(); }}>
        <Group align="flex-start" gap="sm">
          <PasswordInput flex={1} miw={220} maw={360} aria-label={t('access.password.new')} placeholder={t('access.password.new')} description={t('entry.newPasswordHint')} inputWrapperOrder={['label', 'input', 'error', 'description']}
            autoComplete="new-password" required minLength={8} value={password} error={fault} onChange={(event) => setPassword(event.currentTarget.value)} />
          <Button type="submit" loading={change.isPending}>{t('access.password.change')}</Button>
        </Group>
      </form>
    </Panel>
  );
}
