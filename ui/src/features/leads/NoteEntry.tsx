import { ActionIcon, Button, Group, Menu, Text, Textarea } from '@mantine/core';
import { IconDots, IconNote, IconPencil, IconPhoneIncoming, IconPhoneOutgoing, IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Call, Note } from '#/shared/api/types';
import { ConfirmDialog } from '#/shared/parts/ConfirmDialog';
import { notifyError } from '#/shared/parts/notify';
import { Comments } from './Comments';
import { EntryTime } from './EntryTime';
import { changeNote, deleteCall, deleteNote } from './records';
import { useLinked } from './useLinked';
import classes from './leads.module.css';

/** A note or a call in the timeline. A note is changed where it stands. */
export function NoteEntry({ entry, comments, isWanted }: { entry: Note | Call; comments: number; isWanted: boolean }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const place = useLinked<HTMLElement>(isWanted);
  const [layer, setLayer] = useState<'edit' | 'remove' | null>(null);
  const [text, setText] = useState(entry.note);
  const isCall = entry._type === 'Call';
  const refresh = () => { void queries.invalidateQueries({ queryKey: ['timeline', entry.lead_id] }); setLayer(null); };
  const save = useMutation({ mutationFn: () => changeNote(entry.id, text.trim()), onSuccess: refresh, onError: (error) => notifyError(error) });
  const remove = useMutation({ mutationFn: () => (isCall ? deleteCall(entry.id) : deleteNote(entry.id)), onSuccess: refresh, onError: (error) => notifyError(error) });
  const name = entry.user_name ?? t('records.note.someone');
  const said = !isCall ? 'by' : entry.direction === 'inbound' ? 'callIn' : 'callOut';
  const Sign = !isCall ? IconNote : entry.direction === 'inbound' ? IconPhoneIncoming : IconPhoneOutgoing;
  return (
    <article ref={place} data-linked={isWanted || undefined} className={classes.note} data-call={isCall || undefined}>
      <header className={classes.noteHead}>
        <Sign size={15} aria-hidden />
        <Text size="xs" fw={550} flex={1} truncate>{t(`records.note.${said}`, { name })}{isCall && entry.duration > 0 && ` · ${t('records.note.lasted', { minutes: Math.max(1, Math.round(entry.duration / 60)) })}`}</Text>
        <EntryTime leadId={entry.lead_id} entryId={entry.id} at={entry.activity_at} />
        <Menu position="bottom-end">
          <Menu.Target><ActionIcon size={26} aria-label={t('records.note.actions')}><IconDots size={15} /></ActionIcon></Menu.Target>
          <Menu.Dropdown>
            {!isCall && <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => { setText(entry.note); setLayer('edit'); }}>{t('records.note.edit')}</Menu.Item>}
            <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={() => setLayer('remove')}>{t('records.note.remove')}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </header>
      {layer === 'edit' ? (
        <form onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
          <Textarea autosize minRows={2} maxRows={20} autoFocus aria-label={t('records.note.label')} value={text} onChange={(event) => setText(event.currentTarget.value)} />
          <Group gap={6} mt={8}>
            <Button size="xs" type="submit" loading={save.isPending} disabled={!text.trim()}>{t('general.save')}</Button>
            <Button size="xs" variant="default" onClick={() => setLayer(null)}>{t('general.cancel')}</Button>
          </Group>
        </form>
      ) : entry.note && <Text size="sm" className={classes.noteText}>{entry.note}</Text>}
      <Comments objectId={entry.id} count={comments} />
      <ConfirmDialog isOpen={layer === 'remove'} onClose={() => setLayer(null)} title={t('records.note.removeTitle')} confirmLabel={t('records.note.remove')} isBusy={remove.isPending} onConfirm={() => remove.mutate()}>
        <Text size="sm">{t('records.note.removeText')}</Text>
      </ConfirmDialog>
    </article>
  );
}
