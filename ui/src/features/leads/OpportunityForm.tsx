import { ActionIcon, Button, Group, NativeSelect, NumberInput, Stack, Textarea, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Opportunity } from '#/shared/api/types';
import { FieldInputs, type Named } from '#/shared/fields/FieldInputs';
import { changedValues, draftOf } from '#/shared/fields/fieldValues';
import { explainError } from '#/shared/parts/explainError';
import { Notice } from '#/shared/parts/Notice';
import { pipelinesQuery, shownFieldsQuery } from '#/shared/requests/setup';
import { deleteOpportunity, saveOpportunity } from './records';
import classes from './leads.module.css';

type Props = { leadId: string; deal?: Opportunity; contacts: Named[]; onClose: () => void };

/** What a deal is worth and how it stands. Money is typed in whole units and kept in cents. */
export function OpportunityForm({ leadId, deal, contacts, onClose }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { data: pipelines = [] } = useQuery(pipelinesQuery);
  const [value, setValue] = useState<number | string>(deal?.value == null ? '' : deal.value / 100);
  const [period, setPeriod] = useState(deal?.value_period ?? 'one_time');
  const [statusId, setStatusId] = useState(deal?.status_id ?? '');
  const [confidence, setConfidence] = useState<number | string>(deal?.confidence ?? 50);
  const [day, setDay] = useState(deal?.date_won ?? '');
  const [note, setNote] = useState(deal?.note ?? '');
  const { data: fields = [] } = useQuery(shownFieldsQuery('opportunity'));
  const before = draftOf(deal ?? {}, fields);
  const [typed, setTyped] = useState<Record<string, string[]>>({});
  const values = { ...before, ...typed };
  const chosen = statusId || pipelines[0]?.statuses[0]?.id || '';
  const done = () => {
    void queries.invalidateQueries({ queryKey: ['lead', leadId] });
    void queries.invalidateQueries({ queryKey: ['timeline', leadId] });
    onClose();
  };
  const save = useMutation({
    mutationFn: () => saveOpportunity(leadId, deal?.id, {
      status_id: chosen, value: value === '' ? null : Math.round(Number(value) * 100), value_period: period, confidence: Number(confidence) || 0, note: note.trim(), date_won: day || null, ...changedValues(before, values, fields),
    }),
    onSuccess: done,
  });
  const remove = useMutation({ mutationFn: () => deleteOpportunity(deal!.id), onSuccess: done });
  const error = save.error ?? remove.error;
  const statuses = pipelines.map((pipeline) => ({ group: pipeline.name, items: pipeline.statuses.map((status) => ({ value: status.id, label: status.label })) }));
  return (
    <form className={classes.contactForm} onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
      <Stack gap={8}>
        <Group gap={8} grow align="flex-end">
          <NumberInput size="xs" label={t('records.deals.value')} value={value} onChange={setValue} min={0} max={1e12} decimalScale={2} hideControls autoFocus />
          <NativeSelect size="xs" label={t('records.deals.period')} value={period} onChange={(event) => setPeriod(event.currentTarget.value)} data={[{ value: 'one_time', label: t('records.deals.once') }, { value: 'monthly', label: t('records.deals.monthly') }, { value: 'annual', label: t('records.deals.annual') }]} />
        </Group>
        <NativeSelect size="xs" label={t('records.deals.status')} value={chosen} onChange={(event) => setStatusId(event.currentTarget.value)} data={statuses} />
        <Group gap={8} grow align="flex-end">
          <NumberInput size="xs" label={t('records.deals.confidence')} value={confidence} onChange={setConfidence} min={0} max={100} allowDecimal={false} hideControls />
          <TextInput size="xs" type="date" label={t('records.deals.date')} value={day} onChange={(event) => setDay(event.currentTarget.value)} />
        </Group>
        <Textarea size="xs" label={t('records.deals.note')} autosize minRows={2} maxRows={8} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
        <FieldInputs fields={fields} draft={values} contacts={contacts} onChange={setTyped} />
        {error && <Notice tone="bad">{explainError(error, t)}</Notice>}
        <Group gap={6}>
          <Button size="xs" type="submit" loading={save.isPending}>{t('general.save')}</Button>
          <Button size="xs" variant="default" onClick={onClose}>{t('general.cancel')}</Button>
          {deal && <ActionIcon ml="auto" size={30} color="red" aria-label={t('records.deals.remove')} loading={remove.isPending} onClick={() => remove.mutate()}><IconTrash size={15} /></ActionIcon>}
        </Group>
      </Stack>
    </form>
  );
}
