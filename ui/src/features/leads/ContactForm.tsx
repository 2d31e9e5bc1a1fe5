import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash, IconX } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Contact } from '#/shared/api/types';
import { FieldInputs, type Named } from '#/shared/fields/FieldInputs';
import { changedValues, draftOf } from '#/shared/fields/fieldValues';
import { isPlausible } from '#/shared/mail/addresses';
import { explainError } from '#/shared/parts/explainError';
import { notifyDone } from '#/shared/parts/notify';
import { Notice } from '#/shared/parts/Notice';
import { shownFieldsQuery } from '#/shared/requests/setup';
import { deleteContact, saveContact } from './saveContact';
import classes from './leads.module.css';

type Props = { leadId: string; contact?: Contact; others: Named[]; onClose: () => void };

export function ContactForm({ leadId, contact, others, onClose }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [name, setName] = useState(contact?.name ?? '');
  const [title, setTitle] = useState(contact?.title ?? '');
  const [emails, setEmails] = useState(contact?.emails.length ? contact.emails : [{ email: '', type: 'office' }]);
  const { data: fields = [] } = useQuery(shownFieldsQuery('contact'));
  const before = draftOf(contact ?? {}, fields);
  const [typed, setTyped] = useState<Record<string, string[]>>({});
  const values = { ...before, ...typed };
  const filled = emails.map((each) => ({ ...each, email: each.email.trim() })).filter((each) => each.email);
  const isValid = filled.every((each) => isPlausible(each.email)) && (filled.length > 0 || name.trim() !== '');
  const known = new Set(contact?.emails.map((each) => each.email.toLowerCase()));

  const done = (message?: string) => {
    void queries.invalidateQueries({ queryKey: ['lead', leadId] });
    void queries.invalidateQueries({ queryKey: ['leads'] });
    if (message) notifyDone(message);
    onClose();
  };
  const save = useMutation({
    mutationFn: () => saveContact(leadId, contact?.id, { name: name.trim(), title: title.trim(), emails: filled, ...changedValues(before, values, fields) }),
    // A new address makes the server look for its past mail: say so, or the growing timeline surprises.
    onSuccess: () => done(filled.some((each) => !known.has(each.email.toLowerCase())) ? t('leads.lookingForPast') : undefined),
  });
  const remove = useMutation({ mutationFn: () => deleteContact(contact!.id), onSuccess: () => done() });
  const change = (index: number, email: string) => setEmails((old) => old.map((each, i) => (i === index ? { ...each, email } : each)));
  const error = save.error ?? remove.error;

  return (
    <form className={classes.contactForm} onSubmit={(event) => { event.preventDefault(); if (isValid) save.mutate(); }}>
      <Stack gap={8}>
        <TextInput size="xs" label={t('leads.name')} autoFocus value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <TextInput size="xs" label={t('leads.title')} value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
        <div>
          <Text component="span" size="xs" fw={500}>{t('leads.addresses')}</Text>
          {emails.map((each, index) => (
            <Group key={index} gap={4} mt={4} wrap="nowrap" align="flex-start">
              <TextInput size="xs" flex={1} inputMode="email" aria-label={t('leads.address', { number: index + 1 })} value={each.email} onChange={(event) => change(index, event.currentTarget.value)} error={each.email.trim() && !isPlausible(each.email.trim()) ? t('leads.notAnAddress') : undefined} />
              <ActionIcon size={30} aria-label={t('leads.removeAddress', { email: each.email })} onClick={() => setEmails((old) => old.filter((_, i) => i !== index))}><IconX size={14} /></ActionIcon>
            </Group>
          ))}
          <Button size="compact-xs" variant="subtle" mt={4} leftSection={<IconPlus size={13} />} onClick={() => setEmails((old) => [...old, { email: '', type: 'office' }])}>{t('leads.addAddress')}</Button>
        </div>
        <FieldInputs fields={fields} draft={values} contacts={others} onChange={setTyped} />
        {error && <Notice tone="bad">{explainError(error, t)}</Notice>}
        <Group gap={6}>
          <Button size="xs" type="submit" disabled={!isValid} loading={save.isPending}>{t('general.save')}</Button>
          <Button size="xs" variant="default" onClick={onClose}>{t('general.cancel')}</Button>
          {contact && <ActionIcon ml="auto" size={30} color="red" aria-label={t('leads.removeContact', { name: contact.name ?? '' })} loading={remove.isPending} onClick={() => remove.mutate()}><IconTrash size={15} /></ActionIcon>}
        </Group>
      </Stack>
    </form>
  );
}
