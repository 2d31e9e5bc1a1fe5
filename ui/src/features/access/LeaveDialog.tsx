import { Button, Group, Radio, Select, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person } from '#/shared/api/types';
import { explainError } from '#/shared/parts/explainError';
import { Notice } from '#/shared/parts/Notice';
import { ShownModal } from '#/shared/parts/ShownModal';
import { deactivate } from './members';
import { nameOf } from './person';

type Props = { person: Person; others: Person[]; onClose: () => void; onDone: () => void };

/** What becomes of the email accounts is decided before somebody is shut out. */
export function LeaveDialog({ person, others, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const [accounts, setAccounts] = useState<'stop' | 'move'>('stop');
  const [moveTo, setMoveTo] = useState(others[0]?.user_id ?? '');
  const leave = useMutation({ mutationFn: () => deactivate(person.id, { accounts, move_to: accounts === 'move' ? moveTo : '' }), onSuccess: onDone });
  return (
    <ShownModal onClose={onClose} title={t('access.people.deactivateTitle', { name: nameOf(person) })} centered closeButtonProps={{ 'aria-label': t('general.close') }}>
      <Stack gap="md">
        <Text size="sm">{t('access.people.deactivateHint')}</Text>
        {person.connected_accounts.length > 0 && (
          <Radio.Group label={t('access.people.accountsThen')} description={person.connected_accounts.join(', ')} value={accounts} onChange={(value) => setAccounts(value as 'stop' | 'move')}>
            <Stack gap="xs" mt="sm">
              <Radio value="stop" label={t('access.people.accountsStop')} />
              <Radio value="move" label={t('access.people.accountsMove')} disabled={others.length === 0} />
            </Stack>
          </Radio.Group>
        )}
        {accounts === 'move' && <Select label={t('access.people.moveTo')} data={others.map((other) => ({ value: other.user_id, label: nameOf(other) }))} value={moveTo} onChange={(value) => setMoveTo(value ?? '')} />}
        {leave.error && <Notice tone="bad">{explainError(leave.error, t)}</Notice>}
        <Group justify="flex-end"><Button variant="default" onClick={onClose}>{t('general.cancel')}</Button><Button color="red" loading={leave.isPending} onClick={() => leave.mutate()}>{t('access.people.deactivate')}</Button></Group>
      </Stack>
    </ShownModal>
  );
}
