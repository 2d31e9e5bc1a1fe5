import { Button, Group, NativeSelect, NumberInput, Textarea } from '@mantine/core';
import { IconPhone } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { notifyError } from '#/shared/parts/notify';
import { logCall, writeNote } from './records';
import classes from './leads.module.css';

/** Where notes are written and calls are logged: one line until somebody begins. */
export function NoteComposer({ leadId }: { leadId: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [text, setText] = useState('');
  const [isOpen, setOpen] = useState(false);
  const [isCall, setCall] = useState(false);
  const [direction, setDirection] = useState<'outbound' | 'inbound'>('outbound');
  const [minutes, setMinutes] = useState<number | string>('');
  const fold = () => { setMinutes(''); setCall(false); setOpen(false); };
  const close = () => { setText(''); fold(); };
  const save = useMutation({
    mutationFn: async (written: string) => { await (isCall ? logCall(leadId, { note: written.trim(), direction, duration: Math.round(Number(minutes) * 60) || 0 }) : writeNote(leadId, written.trim())); },
    onSuccess: (_, written) => {
      void queries.invalidateQueries({ queryKey: ['timeline', leadId] });
      fold();
      setText((now) => (now.startsWith(written) ? now.slice(written.length).trimStart() : now)); // what was typed since is the next note
    },
    onError: (error) => notifyError(error),
  });
  const canSave = isCall || text.trim() !== '';
  return (
    <form className={classes.composer} data-open={isOpen || undefined} onSubmit={(event) => { event.preventDefault(); if (canSave && !save.isPending) save.mutate(text); }}>
      <Textarea
        variant="unstyled" autosize minRows={isOpen ? 2 : 1} maxRows={14} placeholder={t('records.note.placeholder')} aria-label={t('records.note.label')}
        value={text} onFocus={() => setOpen(true)} onClick={() => setOpen(true)} onChange={(event) => { setText(event.currentTarget.value); setOpen(true); }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && canSave && !save.isPending) save.mutate(text);
          if (event.key === 'Escape' && !text) { event.currentTarget.blur(); close(); }
        }}
      />
      {isOpen && (
        <Group gap={8} align="flex-end">
          {isCall && <NativeSelect size="xs" label={t('records.note.direction')} value={direction} onChange={(event) => setDirection(event.currentTarget.value as 'outbound')} data={[{ value: 'outbound', label: t('records.note.outbound') }, { value: 'inbound', label: t('records.note.inbound') }]} />}
          {isCall && <NumberInput size="xs" w={90} label={t('records.note.minutes')} value={minutes} onChange={setMinutes} min={0} max={6000} hideControls />}
          <Group gap={6} ml="auto">
            {!isCall && <Button size="xs" variant="subtle" leftSection={<IconPhone size={14} />} onClick={() => setCall(true)}>{t('records.note.call')}</Button>}
            <Button size="xs" variant="default" onClick={close}>{t('general.cancel')}</Button>
            <Button size="xs" type="submit" disabled={!canSave} loading={save.isPending}>{t(isCall ? 'records.note.saveCall' : 'records.note.save')}</Button>
          </Group>
        </Group>
      )}
    </form>
  );
}
