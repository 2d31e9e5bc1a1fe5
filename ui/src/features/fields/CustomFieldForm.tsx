import { Button, Checkbox, Group, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomField, FieldType } from '#/shared/api/types';
import { explainError } from '#/shared/parts/explainError';
import { Notice } from '#/shared/parts/Notice';
import type { FieldPlace } from '#/shared/requests/setup';
import classes from './fields.module.css';
import { addField, changeField } from './setup';

const TYPES: FieldType[] = ['text', 'textarea', 'number', 'date', 'datetime', 'choices', 'user', 'contact', 'hidden'];
const SINGLE: FieldType[] = ['textarea', 'hidden'];

/** A field, new or changed; what kind of value it holds is chosen once. */
export function CustomFieldForm({ place, field, onClose }: { place: FieldPlace; field?: CustomField; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [name, setName] = useState(field?.name ?? '');
  const [type, setType] = useState<FieldType>(field?.type ?? 'text');
  const [choices, setChoices] = useState(field?.choices.join('\n') ?? '');
  const [holdsSeveral, setSeveral] = useState(field?.accepts_multiple_values ?? false);
  const save = useMutation({
    mutationFn: async () => {
      const written = { name: name.trim(), accepts_multiple_values: holdsSeveral && !SINGLE.includes(type), ...(type === 'choices' ? { choices: choices.split('\n') } : {}) };
      await (field ? changeField(place, field.id, written) : addField(place, { ...written, type }));
    },
    onSuccess: () => { void queries.invalidateQueries({ queryKey: ['setup'] }); onClose(); },
  });
  return (
    <form className={classes.form} onSubmit={(event) => { event.preventDefault(); if (name.trim()) save.mutate(); }}>
      <Stack gap={8}>
        <Group gap={8} align="flex-end" grow>
          <TextInput size="xs" label={t('records.setup.fieldName')} autoFocus value={name} onChange={(event) => setName(event.currentTarget.value)} />
          <NativeSelect size="xs" label={t('records.setup.fieldType')} disabled={field !== undefined} value={type} onChange={(event) => setType(event.currentTarget.value as FieldType)} data={TYPES.map((value) => ({ value, label: t(`records.setup.type.${value}`) }))} />
        </Group>
        {type === 'choices' && <Textarea size="xs" label={t('records.setup.choices')} autosize minRows={3} maxRows={12} value={choices} onChange={(event) => setChoices(event.currentTarget.value)} />}
        {!SINGLE.includes(type) && <Checkbox size="xs" label={t('records.setup.multiple')} checked={holdsSeveral} onChange={(event) => setSeveral(event.currentTarget.checked)} />}
        {save.error && <Notice tone="bad">{explainError(save.error, t)}</Notice>}
        <Group gap={6}>
          <Button size="xs" type="submit" disabled={!name.trim()} loading={save.isPending}>{t('general.save')}</Button>
          <Button size="xs" variant="default" onClick={onClose}>{t('general.cancel')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
