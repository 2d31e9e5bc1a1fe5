import { Button, List, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '#/shared/api/types';
import { ConfirmDialog } from '#/shared/parts/ConfirmDialog';
import { notifyError } from '#/shared/parts/notify';
import { Panel } from '#/shared/parts/Page';
import { removeAccount } from './changeAccount';
import { Writings } from './Writings';

/** What removing an account means, before it is done. */
export function RemovePanel({ account, onGone }: { account: Account; onGone: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () => removeAccount(account.id),
    onSuccess: () => { onGone(); void queries.invalidateQueries({ queryKey: ['accounts'] }); },
    onError: (error) => notifyError(error),
  });
  const meaning = (['stays', 'credentials', 'waiting', 'mailbox'] as const).map((name) => <List.Item key={name}>{t(`accounts.removeMeans.${name}`)}</List.Item>);
  return (
    <Panel title={t('accounts.removeTitle', { email: account.email })}>
      <List size="sm" spacing={4}>{meaning}</List>
      <Text size="sm" c="var(--text-3)" mt="sm">{t('accounts.removeInstead')}</Text>
      <Writings account={account} />
      <Button color="red" variant="light" mt="md" onClick={() => setIsAsking(true)}>{t('accounts.remove')}</Button>
      <ConfirmDialog isOpen={isAsking} onClose={() => setIsAsking(false)} title={t('accounts.removeTitle', { email: account.email })} confirmLabel={t('accounts.remove')} isBusy={remove.isPending} onConfirm={() => remove.mutate()}>
        <List size="sm" spacing={4}>{meaning}</List>
      </ConfirmDialog>
    </Panel>
  );
}
