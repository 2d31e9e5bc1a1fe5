import { Button, Group, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

type Props = { isOpen: boolean; title: string; children: ReactNode; confirmLabel: string; isBusy?: boolean; onConfirm: () => void; onClose: () => void };

/** Asks once before something that cannot be undone. */
export function ConfirmDialog({ isOpen, title, children, confirmLabel, isBusy = false, onConfirm, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Modal opened={isOpen} onClose={onClose} title={title} centered closeButtonProps={{ 'aria-label': t('general.close') }}>
      {children}
      <Group justify="flex-end" mt="lg" gap="sm">
        <Button variant="default" onClick={onClose}>{t('general.cancel')}</Button>
        <Button color="red.9" loading={isBusy} onClick={onConfirm}>{confirmLabel}</Button>
      </Group>
    </Modal>
  );
}
