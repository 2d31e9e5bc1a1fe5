import { ActionIcon, Badge, Menu, Text } from '@mantine/core';
import { IconDots, IconForms, IconPencil, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomActivity } from '#/shared/api/types';
import { FieldValues } from '#/shared/fields/FieldValues';
import { ConfirmDialog } from '#/shared/parts/ConfirmDialog';
import { notifyError } from '#/shared/parts/notify';
import { useUser } from '#/shared/requests/authState';
import { leadQuery } from '#/shared/requests/lead';
import { activityTypesQuery } from '#/shared/requests/setup';
import { mayWriteType } from './ActivityComposer';
import { ActivityForm } from './ActivityForm';
import { Comments } from './Comments';
import { deleteActivity } from './customActivity';
import { EntryTime } from './EntryTime';
import { useLinked } from './useLinked';
import classes from './leads.module.css';

/** An activity of a kind of the company's own, with what its form holds. */
export function ActivityEntry({ entry, comments, isWanted }: { entry: CustomActivity; comments: number; isWanted: boolean }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const me = useUser();
  const place = useLinked<HTMLElement>(isWanted);
  const { data: types = [] } = useQuery(activityTypesQuery);
  const { data: lead } = useQuery(leadQuery(entry.lead_id));
  const [layer, setLayer] = useState<'edit' | 'remove' | null>(null);
  const remove = useMutation({
    mutationFn: () => deleteActivity(entry.id),
    onSuccess: () => { void queries.invalidateQueries({ queryKey: ['timeline', entry.lead_id] }); setLayer(null); },
    onError: (error) => notifyError(error),
  });
  const type = types.find((each) => each.id === entry.custom_activity_type_id);
  const contacts = lead?.contacts ?? [];
  const name = type?.name ?? t('company.activity.unknown');
  return (
    <article ref={place} className={classes.note} data-linked={isWanted || undefined}>
      <header className={classes.noteHead}>
        <IconForms size={15} aria-hidden />
        <Text size="xs" fw={550} flex={1} truncate>{t('company.activity.by', { type: name, name: entry.user_name ?? t('records.note.someone') })} {entry.status === 'draft' && <Badge size="xs" variant="light" color="gray">{t('company.activity.draft')}</Badge>}</Text>
        <EntryTime leadId={entry.lead_id} entryId={entry.id} at={entry.activity_at} />
        {type && mayWriteType(type, me) && (
          <Menu position="bottom-end">
            <Menu.Target><ActionIcon size={26} aria-label={t('records.note.actions')}><IconDots size={15} /></ActionIcon></Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => setLayer('edit')}>{t('general.edit')}</Menu.Item>
              <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={() => setLayer('remove')}>{t('records.note.remove')}</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </header>
      {type && layer === 'edit'
        ? <ActivityForm leadId={entry.lead_id} type={type} contacts={contacts} entry={entry} onClose={() => setLayer(null)} />
        : type && <FieldValues holder={entry} fields={type.fields.filter((field) => field.type !== 'hidden')} contacts={contacts} only="filled" />}
      <Comments objectId={entry.id} count={comments} />
      <ConfirmDialog isOpen={layer === 'remove'} onClose={() => setLayer(null)} title={t('records.note.removeTitle')} confirmLabel={t('records.note.remove')} isBusy={remove.isPending} onConfirm={() => remove.mutate()}>
        <Text size="sm">{t('records.note.removeText')}</Text>
      </ConfirmDialog>
    </article>
  );
}
