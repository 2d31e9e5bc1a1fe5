import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isPlausible } from '#/shared/mail/addresses';
import { explainError } from '#/shared/parts/explainError';
import { Notice } from '#/shared/parts/Notice';
import { ShownModal } from '#/shared/parts/ShownModal';
import { createLead } from './createLead';

/** A company with the first person to write to. */
export function NewLeadDialog({ startName, onClose, onCreated }: { startName: string; onClose: () => void; onCreated: (leadId: string) => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [name, setName] = useState(startName);
  const [person, setPerson] = useState('');
  const [email, setEmail] = useState('');
  const isBadEmail = email.trim() !== '' && !isPlausible(email.trim());
  const create = useMutation({
    mutationFn: () => createLead({
      name: name.trim(), contacts: person.trim() || email.trim() ? [{ name: person.trim(), title: '', emails: email.trim() ? [{ email: email.trim(), type: 'office' }] : [] }] : [],
    }),
    onSuccess: (lead) => {
      void queries.invalidateQueries({ queryKey: ['leads'] });
      queries.setQueryData(['lead', lead.id], lead);
      onCreated(lead.id);
    },
  });
  return (
    <ShownModal onClose={onClose} title={t('leads.new')} centered closeButtonProps={{ 'aria-label': t('general.close') }}>
      <form onSubmit={(event) => { event.preventDefault(); if (!isBadEmail) create.mutate(); }}>
        <Stack gap="sm">
          <TextInput label={t('leads.company')} data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} required={!person.trim()} />
          <TextInput label={t('leads.contactName')} value={person} onChange={(event) => setPerson(event.currentTarget.value)} />
          <TextInput label={t('leads.contactEmail')} type="text" inputMode="email" value={email} onChange={(event) => setEmail(event.currentTarget.value)} error={isBadEmail && t('leads.notAnAddress')} description={t('leads.pastEmails')} inputWrapperOrder={['label', 'input', 'description', 'error']} />
          {create.error && <Notice tone="bad">{explainError(create.error, t)}</Notice>}
          <Group justify="flex-end" gap="sm" mt={4}>
            <Button variant="default" onClick={onClose}>{t('general.cancel')}</Button>
            <Button type="submit" loading={create.isPending}>{t('leads.create')}</Button>
          </Group>
        </Stack>
      </form>
    </ShownModal>
  );
}
