import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Lead } from '#/shared/api/types';
import { explainError } from '#/shared/parts/explainError';
import { Notice } from '#/shared/parts/Notice';
import { notifyDone } from '#/shared/parts/notify';
import { ShownModal } from '#/shared/parts/ShownModal';
import { searchLeadsQuery } from '#/shared/requests/searchLeads';
import { mergeLead } from './records';

/** Another lead is found and put into this one, which stays. */
export function MergeDialog({ lead, onClose }: { lead: Lead; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [words, setWords] = useState('');
  const [source, setSource] = useState<{ value: string; label: string } | null>(null);
  const [looked] = useDebouncedValue(words.trim(), 200);
  const { data } = useQuery({ ...searchLeadsQuery(looked), placeholderData: keepPreviousData });
  const found = (data?.data ?? []).filter((each) => each.id !== lead.id).map((each) => ({ value: each.id, label: each.display_name }));
  // What was chosen stays in the list, whatever is typed afterwards.
  const offered = source && !found.some((each) => each.value === source.value) ? [source, ...found] : found;
  const merge = useMutation({
    mutationFn: () => mergeLead(source!.value, lead.id),
    onSuccess: () => {
      for (const queryKey of [['lead'], ['leads'], ['timeline'], ['leadSearch'], ['thread']]) void queries.invalidateQueries({ queryKey });
      notifyDone(t('records.merge.done'));
      onClose();
    },
  });
  return (
    <ShownModal onClose={onClose} title={t('records.merge.title', { name: lead.display_name })} centered closeButtonProps={{ 'aria-label': t('general.close') }}>
      <Stack gap="sm">
        <Select label={t('records.merge.source')} placeholder={t('records.merge.find')} data={offered} value={source?.value ?? null} onChange={(_value, option) => setSource(option)} searchable searchValue={words} onSearchChange={setWords} filter={({ options }) => options} nothingFoundMessage={words.trim() ? t('records.merge.nothing') : undefined} data-autofocus comboboxProps={{ withinPortal: true }} />
        <Text size="sm" c="var(--text-2)">{t('records.merge.text')}</Text>
        {merge.error && <Notice tone="bad">{explainError(merge.error, t)}</Notice>}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>{t('general.cancel')}</Button>
          <Button disabled={!source} loading={merge.isPending} onClick={() => merge.mutate()}>{t('records.merge.action')}</Button>
        </Group>
      </Stack>
    </ShownModal>
  );
}
