import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '#/shared/api/errors';
import type { AccessLink } from '#/shared/api/types';
import { explainError } from '#/shared/parts/explainError';
import { Notice } from '#/shared/parts/Notice';
import { invite, type Invitation } from './members';
import { RoleSelect } from './RoleSelect';

const NOBODY: Invitation = { email: '', role_id: 'user', first_name: '', last_name: '' };
type Props = { isOpen: boolean; onClose: () => void; onInvited: (link: AccessLink) => void };

export function InviteDialog({ isOpen, onClose, onInvited }: Props) {
  const { t } = useTranslation();
  const [who, setWho] = useState(NOBODY);
  const send = useMutation({ mutationFn: () => invite(who), onSuccess: (link) => { setWho(NOBODY); onInvited(link); } });
  const fields = send.error instanceof ApiError ? send.error.fields : {};
  const bind = (name: keyof Invitation) => ({
    value: who[name], error: fields[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => { const { value } = event.currentTarget; setWho((old) => ({ ...old, [name]: value })); },
  });
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('access.people.inviteTitle')} centered closeButtonProps={{ 'aria-label': t('general.close') }}>
      <form onSubmit={(event) => { event.preventDefault(); send.mutate(); }}>
        <Stack gap="sm">
          <TextInput data-autofocus label={t('access.people.email')} type="email" required autoComplete="off" {...bind('email')} />
          <Group grow gap="sm" align="flex-start">
            <TextInput label={t('entry.firstName')} autoComplete="off" {...bind('first_name')} />
            <TextInput label={t('entry.lastName')} autoComplete="off" {...bind('last_name')} />
          </Group>
          <RoleSelect label={t('access.people.role')} value={who.role_id} onChange={(role_id) => setWho((old) => ({ ...old, role_id }))} />
          {send.error && !fields.email && <Notice tone="bad">{explainError(send.error, t)}</Notice>}
          <Group justify="flex-end" mt="xs"><Button variant="default" onClick={onClose}>{t('general.cancel')}</Button><Button type="submit" loading={send.isPending}>{t('access.people.sendInvitation')}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}
