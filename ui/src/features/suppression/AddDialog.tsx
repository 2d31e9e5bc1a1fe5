import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '#/shared/api/errors';
import { explainError } from '#/shared/parts/explainError';
import { notifyDone } from '#/shared/parts/notify';
import { addSuppressed } from './suppression';

/** An address that is to get no bulk email, entered by hand. */
export function AddDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [email, setEmail] = useState('');
  const [reason, setReason] = useState('');
  const close = () => { setEmail(''); setReason(''); add.reset(); onClose(); };
  const add = useMutation({
    mutationFn: () => addSuppressed(email.trim(), reason.trim()),
    onSuccess: () => { notifyDone(t('suppression.added', { email: email.trim() })); close(); return queries.invalidateQueries({ queryKey: ['suppression', 'list'] }); },
  });
  const problem = add.error instanceof ApiError ? explainError(add.error, t) : add.error && String(add.error);
  return (
    <Modal opened={isOpen} onClose={close} title={t('suppression.addTitle')} centered closeButtonProps={{ 'aria-label': t('general.close') }}>
      <form onSubmit={(event) => { event.preventDefault(); add.mutate(); }}>
        <Stack gap="sm">
          <TextInput type="email" data-autofocus required maxLength={320} label={t('suppression.address')} value={email} onChange={(event) => setEmail(event.currentTarget.value)} error={problem} />
          <TextInput maxLength={500} label={t('suppression.why')} description={t('suppression.whyHint')} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
          <Group justify="flex-end" gap="sm" mt="xs">
            <Button variant="default" onClick={close}>{t('general.cancel')}</Button>
            <Button type="submit" loading={add.isPending} disabled={!email.trim()}>{t('suppression.add')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
