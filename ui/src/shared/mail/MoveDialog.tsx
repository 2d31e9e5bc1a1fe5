import { Select, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { releaseKeys } from '#/shared/commands/heldKeys';
import { explainError } from '#/shared/parts/explainError';
import { Notice } from '#/shared/parts/Notice';
import { ShownModal } from '#/shared/parts/ShownModal';
import { searchLeadsQuery } from '#/shared/requests/searchLeads';
import { moveThread } from './moveThread';

type Props = { threadId: string; leadId: string; onClose: () => void };

/** A lead is found by typing, and taken with Enter: the conversation goes there at once, and one key brings it back. */
export function MoveDialog({ threadId, leadId, onClose }: Props) {
  const { t } = useTranslation();
  const [words, setWords] = useState('');
  const [looked] = useDebouncedValue(words.trim(), 150);
  const { data, isFetching } = useQuery({ ...searchLeadsQuery(looked), placeholderData: keepPreviousData });
  const found = (data?.data ?? []).filter((each) => each.id !== leadId).map((each) => ({ value: each.id, label: each.display_name }));
  const move = useMutation({
    mutationFn: (lead: { value: string; label: string }) => moveThread({ threadId, from: leadId, to: lead.value }, lead.label),
    onSuccess: onClose,
  });
  const isAsking = isFetching || looked !== words.trim();
  return (
    <ShownModal onClose={onClose} title={t('move.title')} centered closeButtonProps={{ 'aria-label': t('general.close') }}>
      <Select label={t('move.to')} placeholder={t('move.find')} data={looked ? found : []} value={null} onChange={(_value, lead) => { if (lead) move.mutate(lead); }} searchable selectFirstOptionOnChange searchValue={words} onSearchChange={setWords} filter={({ options }) => options}
        onFocus={() => { const held = releaseKeys(); if (held) setWords((typed) => typed + held.replaceAll('\n', '')); }}
        onKeyDown={(event) => { if (event.key === 'Enter' && !event.currentTarget.getAttribute('aria-activedescendant') && found[0] && !isAsking) { event.preventDefault(); move.mutate(found[0]); } }} // the list came after the last letter: nothing in it is marked yet
        disabled={move.isPending} nothingFoundMessage={words.trim() && !isAsking ? t('move.nothing') : undefined} data-autofocus comboboxProps={{ withinPortal: true }} />
      <Text size="sm" c="var(--text-2)" mt="sm">{t('move.text')}</Text>
      {move.error && <Notice tone="bad">{explainError(move.error, t)}</Notice>}
    </ShownModal>
  );
}
