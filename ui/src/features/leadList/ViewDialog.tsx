import { Button, Code, Group, Stack, Switch, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SmartView } from '#/shared/api/types';
import { explainError } from '#/shared/parts/explainError';
import { Notice } from '#/shared/parts/Notice';
import { ShownModal } from '#/shared/parts/ShownModal';
import { changeView, createView, smartViewsQuery } from './smartViews';

type Props = { view?: SmartView; words: string; onClose: () => void; onSaved?: (view: SmartView) => void };

/** Keeps a query under a name, or renames one that is kept. */
export function ViewDialog({ view, words, onClose, onSaved }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [name, setName] = useState(view?.name ?? '');
  const [isShared, setIsShared] = useState(view?.is_shared ?? false);
  const save = useMutation({
    mutationFn: () => (view ? changeView(view.id, { name: name.trim(), is_shared: isShared }) : createView({ name: name.trim(), is_shared: isShared, query: words || '*', type: 'lead' })),
    onSuccess: (saved) => {
      // Known at once: its place is opened now, and not when the list has been read again.
      queries.setQueryData(smartViewsQuery.queryKey, (old) => old && (view ? old.map((each) => (each.id === saved.id ? saved : each)) : [...old, saved]));
      void queries.invalidateQueries({ queryKey: ['smartViews'] });
      onSaved?.(saved);
      onClose();
    },
  });
  return (
    <ShownModal onClose={onClose} title={t(view ? 'leadList.rename' : 'leadList.saveAs')} size="sm" centered closeButtonProps={{ 'aria-label': t('general.close') }}>
      <form onSubmit={(event) => { event.preventDefault(); if (name.trim()) save.mutate(); }}>
        <Stack gap="sm">
          <TextInput label={t('leadList.name')} data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} />
          <Switch label={t('leadList.sharedWithAll')} checked={isShared} onChange={(event) => setIsShared(event.currentTarget.checked)} />
          <Code block>{words || '*'}</Code>
          {save.error && <Notice tone="bad">{explainError(save.error, t)}</Notice>}
          <Group justify="flex-end" gap="sm"><Button variant="default" onClick={onClose}>{t('general.cancel')}</Button><Button type="submit" loading={save.isPending} disabled={!name.trim()}>{t('general.save')}</Button></Group>
        </Stack>
      </form>
    </ShownModal>
  );
}
