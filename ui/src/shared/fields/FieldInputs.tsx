import { MultiSelect, NativeSelect, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { CustomField } from '#/shared/api/types';
import { useUser } from '#/shared/requests/authState';
import { userName, usersQuery } from '#/shared/requests/users';
import { mayWrite, type Draft } from './fieldValues';

export type Named = { id: string; display_name: string };
type Choice = { value: string; label: string };
type Props = { fields: CustomField[]; draft: Draft; contacts: Named[]; onChange: (draft: Draft) => void };

/** One input for each field, in order; what the person's role may not write is shown and closed. */
export function FieldInputs({ fields, draft, contacts, onChange }: Props) {
  const { t } = useTranslation();
  const me = useUser();
  const { data: users = [] } = useQuery(usersQuery);
  const choices = (field: CustomField): Choice[] | undefined => {
    if (field.type === 'choices') return field.choices.map((text) => ({ value: text, label: text }));
    if (field.type === 'user') return users.map((user) => ({ value: user.id, label: userName(user) }));
    return field.type === 'contact' ? contacts.map((contact) => ({ value: contact.id, label: contact.display_name })) : undefined;
  };
  return fields.map((field) => {
    const isOpen = mayWrite(field, me);
    const hint = [field.description, !isOpen && t('company.fields.closed')].filter(Boolean).join(' ');
    return <FieldInput key={field.id} field={field} choices={choices(field)} hint={hint} isOpen={isOpen} texts={draft[field.id] ?? []} onChange={(texts) => onChange({ ...draft, [field.id]: texts })} />;
  });
}

const TYPED = { date: 'date', datetime: 'datetime-local' } as const;
type InputProps = { field: CustomField; choices: Choice[] | undefined; hint: string; isOpen: boolean; texts: string[]; onChange: (texts: string[]) => void };

function FieldInput({ field, choices, hint, isOpen, texts, onChange }: InputProps) {
  const shared = { size: 'xs', label: field.name, disabled: !isOpen, withAsterisk: field.required, ...(hint ? { description: hint } : {}) } as const;
  if (field.accepts_multiple_values) {
    return choices ? <MultiSelect {...shared} data={choices} value={texts} onChange={onChange} searchable /> : <TagsInput {...shared} value={texts} onChange={onChange} />;
  }
  const text = texts[0] ?? '';
  if (choices) return <NativeSelect {...shared} data={[{ value: '', label: '' }, ...choices]} value={text} onChange={(event) => onChange([event.currentTarget.value])} />;
  if (field.type === 'textarea') return <Textarea {...shared} autosize minRows={2} maxRows={10} value={text} onChange={(event) => onChange([event.currentTarget.value])} />;
  return <TextInput {...shared} type={TYPED[field.type as 'date'] ?? 'text'} {...(field.type === 'number' ? { inputMode: 'decimal' as const } : {})} value={text} onChange={(event) => onChange([event.currentTarget.value])} />;
}
