import { Button, Group, MultiSelect, NativeSelect, Stack, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomField, Lead, User } from '#/shared/api/types';
import { explainError } from '#/shared/parts/explainError';
import { Notice } from '#/shared/parts/Notice';
import { userName } from '#/shared/requests/users';
import { changedValues, draftOf } from './fieldValues';
import { changeValues } from './records';
import classes from './leads.module.css';

type Choice = { value: string; label: string };
type Props = { lead: Lead; fields: CustomField[]; users: User[]; onClose: () => void };

export function FieldForm({ lead, fields, users, onClose }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [before] = useState(() => draftOf(lead, fields));
  const [draft, setDraft] = useState(before);
  const save = useMutation({
    mutationFn: () => changeValues(lead.id, changedValues(before, draft, fields)),
    onSuccess: (changed) => { queries.setQueryData(['lead', lead.id], changed); onClose(); },
  });
  const choices = (field: CustomField): Choice[] | undefined => {
    if (field.type === 'choices') return field.choices.map((text) => ({ value: text, label: text }));
    if (field.type === 'user') return users.map((user) => ({ value: user.id, label: userName(user) }));
    return field.type === 'contact' ? lead.contacts.map((contact) => ({ value: contact.id, label: contact.display_name })) : undefined;
  };
  return (
    <form className={classes.contactForm} onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
      <Stack gap={8}>
        {fields.map((field) => <FieldInput key={field.id} field={field} choices={choices(field)} texts={draft[field.id] ?? []} onChange={(texts) => setDraft((old) => ({ ...old, [field.id]: texts }))} />)}
        {save.error && <Notice tone="bad">{explainError(save.error, t)}</Notice>}
        <Group gap={6}>
          <Button size="xs" type="submit" loading={save.isPending}>{t('general.save')}</Button>
          <Button size="xs" variant="default" onClick={onClose}>{t('general.cancel')}</Button>
        </Group>
      </Stack>
    </form>
  );
}

const TYPED = { date: 'date', datetime: 'datetime-local' } as const;

function FieldInput({ field, choices, texts, onChange }: { field: CustomField; choices: Choice[] | undefined; texts: string[]; onChange: (texts: string[]) => void }) {
  const shared = { size: 'xs', label: field.name, ...(field.description ? { description: field.description } : {}) } as const;
  if (field.accepts_multiple_values) {
    return choices ? <MultiSelect {...shared} data={choices} value={texts} onChange={onChange} clearable searchable /> : <TagsInput {...shared} value={texts} onChange={onChange} />;
  }
  const text = texts[0] ?? '';
  if (choices) return <NativeSelect {...shared} data={[{ value: '', label: '' }, ...choices]} value={text} onChange={(event) => onChange([event.currentTarget.value])} />;
  if (field.type === 'textarea') return <Textarea {...shared} autosize minRows={2} maxRows={10} value={text} onChange={(event) => onChange([event.currentTarget.value])} />;
  return <TextInput {...shared} type={TYPED[field.type as 'date'] ?? 'text'} {...(field.type === 'number' ? { inputMode: 'decimal' as const } : {})} value={text} onChange={(event) => onChange([event.currentTarget.value])} />;
}
