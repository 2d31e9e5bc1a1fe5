import { ActionIcon, Button, Group, Stack, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
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
import { filled, LinesField, type Line } from './LinesField';
import { deleteContact, saveContact } from './saveContact';
import classes from './leads.module.css';

type Props = { leadId: string; contact?: Contact; others: Named[]; onClose: () => void };

export function ContactForm({ leadId, contact, others, onClose }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [name, setName] = useState(contact?.name ?? '');
  const [title, setTitle] = useState(contact?.title ?? '');
  const [emails, setEmails] = useState<Line[]>(contact?.emails.length ? contact.emails.map(({ email, type }) => ({ value: email, type })) : [{ value: '', type: 'office' }]);
  const [phones, setPhones] = useState<Line[]>(contact?.phones.map(({ phone_formatted: value, type }) => ({ value, type })) ?? []);
  const [urls, setUrls] = useState<Line[]>(contact?.urls.map(({ url: value, type }) => ({ value, type })) ?? []);
  const { data: fields = [] } = useQuery(shownFieldsQuery('contact'));
  const before = draftOf(contact ?? {}, fields);
  const [typed, setTyped] = useState<Record<string, string[]>>({});
  const values = { ...before, ...typed };
  const written = {
    name: name.trim(), title: title.trim(),
    emails: filled(emails).map(({ value: email, type }) => ({ email, type: type || 'office' })),
    phones: filled(phones).map(({ value: phone, type }) => ({ phone, type: type || 'office' })),
    urls: filled(urls).map(({ value: url, type }) => ({ url, type: type || 'url' })),
  };
  const isValid = written.emails.every((each) => isPlausible(each.email)) && (written.emails.length > 0 || written.name !== '');
  const known = new Set(contact?.emails.map((each) => each.email.toLowerCase()));

  const done = (message?: string) => {
    void queries.invalidateQueries({ queryKey: ['lead', leadId] });
    void queries.invalidateQueries({ queryKey: ['leads'] });
    if (message) notifyDone(message);
    onClose();
  };
  const save = useMutation({
    mutationFn: () => saveContact(leadId, contact?.id, { ...written, ...changedValues(before, values, fields) }),
    // A new address makes the server look for its past mail: say so, or the growing timeline surprises.
    onSuccess: () => done(written.emails.some((each) => !known.has(each.email.toLowerCase())) ? t('leads.lookingForPast') : undefined),
  });
  const remove = useMutation({ mutationFn: () => deleteContact(contact!.id), onSuccess: () => done() });
  const error = save.error ?? remove.error;

  return (
    <form className={classes.contactForm} onSubmit={(event) => { event.preventDefault(); if (isValid) save.mutate(); }}>
      <Stack gap={8}>
        <TextInput size="xs" label={t('leads.name')} autoFocus value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <TextInput size="xs" label={t('leads.title')} value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
        <LinesField label={t('leads.addresses')} addLabel={t('leads.addAddress')} nameOf={(number) => t('leads.address', { number })} removeLabel={(email) => t('leads.removeAddress', { email })}
          errorOf={(email) => (isPlausible(email) ? undefined : t('leads.notAnAddress'))} inputMode="email" lines={emails} onChange={setEmails} />
        <LinesField label={t('leads.phones')} addLabel={t('leads.addPhone')} nameOf={(number) => t('leads.phone', { number })} removeLabel={(email) => t('leads.removeAddress', { email })} inputMode="tel" lines={phones} onChange={setPhones} />
        <LinesField label={t('leads.urls')} addLabel={t('leads.addUrl')} nameOf={(number) => t('leads.url', { number })} removeLabel={(email) => t('leads.removeAddress', { email })} inputMode="url" lines={urls} onChange={setUrls} />
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
