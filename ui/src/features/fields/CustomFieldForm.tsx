import { Button, Checkbox, Group, MultiSelect, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomField, FieldType } from '#/shared/api/types';
import { explainError } from '#/shared/parts/explainError';
import { Notice } from '#/shared/parts/Notice';
import { rolesQuery, useRoleName } from '#/shared/requests/roles';
import { activityTypesQuery, type FieldPlace } from '#/shared/requests/setup';
import classes from './fields.module.css';
import { addField, changeField } from './setup';

const TYPES: FieldType[] = ['text', 'textarea', 'number', 'date', 'datetime', 'choices', 'user', 'contact', 'hidden'];
const SINGLE: FieldType[] = ['textarea', 'hidden'];
const THINGS = ['lead', 'contact', 'opportunity'] as const;

/** A field, new or changed; what kind of value it holds, and on what it stands, is chosen once. */
export function CustomFieldForm({ place, field, onClose }: { place: FieldPlace; field?: CustomField; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const isOfActivity = !(THINGS as readonly string[]).includes(place);
  const [said, setSaid] = useState({ name: field?.name ?? '', description: field?.description ?? '', choices: field?.choices.join('\n') ?? '' });
  const [type, setType] = useState<FieldType>(field?.type ?? 'text');
  const [holdsSeveral, setSeveral] = useState(field?.accepts_multiple_values ?? false);
  const [isRequired, setRequired] = useState(field?.required ?? false);
  const [roles, setRoles] = useState(field?.editable_with_roles ?? []);
  const [also, setAlso] = useState<string[]>([]);
  const save = useMutation({
    mutationFn: async () => {
      const written = {
        name: said.name.trim(), description: said.description.trim(), accepts_multiple_values: holdsSeveral && !SINGLE.includes(type), required: isRequired, editable_with_roles: roles,
        ...(type === 'choices' ? { choices: said.choices.split('\n') } : {}),
      };
      await (field ? changeField(place, field, written) : addField(place, also, { ...written, type }));
    },
    onSuccess: () => { void queries.invalidateQueries({ queryKey: ['setup'] }); onClose(); },
  });
  const type_ = (name: keyof typeof said) => ({ value: said[name], onChange: (event: { currentTarget: { value: string } }) => { const { value } = event.currentTarget; setSaid((old) => ({ ...old, [name]: value })); } });
  return (
    <form className={classes.form} onSubmit={(event) => { event.preventDefault(); if (said.name.trim()) save.mutate(); }}>
      <Stack gap={10}>
        <Group gap={8} align="flex-end" grow>
          <TextInput size="xs" label={t('records.setup.fieldName')} autoFocus {...type_('name')} />
          <NativeSelect size="xs" label={t('records.setup.fieldType')} disabled={field !== undefined} value={type} onChange={(event) => setType(event.currentTarget.value as FieldType)} data={TYPES.map((value) => ({ value, label: t(`records.setup.type.${value}`) }))} />
        </Group>
        {type === 'choices' && <Textarea size="xs" label={t('records.setup.choices')} autosize minRows={3} maxRows={12} {...type_('choices')} />}
        <TextInput size="xs" label={t('company.fields.description')} {...type_('description')} />
        {!SINGLE.includes(type) && <Checkbox size="xs" label={t('records.setup.multiple')} checked={holdsSeveral} onChange={(event) => setSeveral(event.currentTarget.checked)} />}
        {isOfActivity && <Checkbox size="xs" label={t('company.fields.required')} checked={isRequired} onChange={(event) => setRequired(event.currentTarget.checked)} />}
        <RolesInput label={t('company.fields.roles')} hint={t('company.fields.rolesHint')} value={roles} onChange={setRoles} />
        {!field && <AlsoInput place={place} value={also} onChange={setAlso} />}
        {save.error && <Notice tone="bad">{explainError(save.error, t)}</Notice>}
        <Group gap={6}>
          <Button size="xs" type="submit" disabled={!said.name.trim()} loading={save.isPending}>{t('general.save')}</Button>
          <Button size="xs" variant="default" onClick={onClose}>{t('general.cancel')}</Button>
        </Group>
      </Stack>
    </form>
  );
}

export function RolesInput({ label, hint, value, onChange }: { label: string; hint?: string; value: string[]; onChange: (ids: string[]) => void }) {
  const { t } = useTranslation();
  const { data: roles = [] } = useQuery(rolesQuery);
  const nameOf = useRoleName();
  return <MultiSelect size="xs" label={label} {...(hint ? { description: hint } : {})} placeholder={value.length ? '' : t('company.fields.everybody')} value={value} onChange={onChange} data={roles.map((role) => ({ value: role.id, label: nameOf(role) }))} />;
}

/** Where else the field stands: then it is one field, shared by all of them. */
function AlsoInput({ place, value, onChange }: { place: FieldPlace; value: string[]; onChange: (places: string[]) => void }) {
  const { t } = useTranslation();
  const { data: types = [] } = useQuery(activityTypesQuery);
  const things = [...THINGS.map((each) => ({ value: each as string, label: t(`records.setup.${each}`) })), ...types.map((each) => ({ value: each.id, label: each.name }))];
  return <MultiSelect size="xs" label={t('company.fields.also')} description={t('company.fields.alsoHint')} placeholder={value.length ? '' : t('company.fields.nowhereElse')} value={value} onChange={onChange} data={things.filter((each) => each.value !== place)} />;
}
