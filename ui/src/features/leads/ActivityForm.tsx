import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ActivityType, CustomActivity } from '#/shared/api/types';
import { FieldInputs, type Named } from '#/shared/fields/FieldInputs';
import { changedValues, draftOf } from '#/shared/fields/fieldValues';
import { explainError } from '#/shared/parts/explainError';
import { Notice } from '#/shared/parts/Notice';
import { changeActivity, writeActivity } from './customActivity';

type Props = { leadId: string; type: ActivityType; contacts: Named[]; entry?: CustomActivity; onClose: () => void };

/** The form that a company has defined for one kind of its activities. */
export function ActivityForm({ leadId, type, contacts, entry, onClose }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const fields = type.fields.filter((field) => field.type !== 'hidden');
  const [before] = useState(() => draftOf(entry ?? {}, fields));
  const [draft, setDraft] = useState(before);
  const save = useMutation({
    mutationFn: async () => { const values = changedValues(before, draft, fields); await (entry ? changeActivity(entry.id, values) : writeActivity(leadId, type.id, values)); },
    onSuccess: () => { void queries.invalidateQueries({ queryKey: ['timeline', leadId] }); onClose(); },
  });
  const isComplete = fields.every((field) => !field.required || draft[field.id]?.some((text) => text.trim()));
  return (
    <form aria-label={type.name} onSubmit={(event) => { event.preventDefault(); if (isComplete) save.mutate(); }}>
      <Stack gap={10}>
        {!fields.length && <Text size="sm" c="var(--text-3)">{t('company.activity.noFields')}</Text>}
        <FieldInputs fields={fields} draft={draft} contacts={contacts} onChange={setDraft} />
        {save.error && <Notice tone="bad">{explainError(save.error, t)}</Notice>}
        <Group gap={6} justify="flex-end">
          <Button size="xs" variant="default" onClick={onClose}>{t('general.cancel')}</Button>
          <Button size="xs" type="submit" disabled={!isComplete} loading={save.isPending}>{t('general.save')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
