import { ActionIcon, Button, NativeSelect, Text, Tooltip } from '@mantine/core';
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomField } from '#/shared/api/types';
import { ConfirmDialog } from '#/shared/parts/ConfirmDialog';
import { Panel } from '#/shared/parts/Page';
import { fieldsQuery, type FieldPlace } from '#/shared/requests/setup';
import { CustomFieldForm } from './CustomFieldForm';
import classes from './fields.module.css';
import { deleteField } from './setup';
import { useSetup } from './useSetup';

const PLACES: FieldPlace[] = ['lead', 'contact', 'opportunity'];

/** The fields of one's own, of leads, contacts or opportunities. */
export function CustomFieldPanel({ canChange }: { canChange: boolean }) {
  const { t } = useTranslation();
  const [place, setPlace] = useState<FieldPlace>('lead');
  const [editing, setEditing] = useState<string | null>(null);
  const [removing, setRemoving] = useState<CustomField | null>(null);
  const { data: fields = [] } = useQuery(fieldsQuery(place));
  const { run } = useSetup();
  const close = () => setEditing(null);
  const which = <NativeSelect size="xs" aria-label={t('records.setup.fieldsOf')} value={place} onChange={(event) => { setPlace(event.currentTarget.value as FieldPlace); close(); }} data={PLACES.map((value) => ({ value, label: t(`records.setup.${value}`) }))} />;
  return (
    <Panel title={t('records.setup.fields')} hint={t('records.setup.fieldsHint')} actions={which}>
      <ul className={classes.list}>
        {fields.map((field) => (editing === field.id
          ? <li key={field.id}><CustomFieldForm place={place} field={field} onClose={close} /></li>
          : <li key={field.id} className={classes.row}>
              <div className={classes.field}>
                <Text size="sm" fw={550} truncate>{field.name}</Text>
                <Text size="xs" c="var(--text-3)" truncate>{[t(`records.setup.type.${field.type}`), field.accepts_multiple_values && t('records.setup.severalValues'), field.is_shared && t('records.setup.shared'), field.choices.join(', ')].filter(Boolean).join(' · ')}</Text>
              </div>
              {canChange && !field.is_shared && <>
                <Tooltip label={t('general.edit')}><ActionIcon size={30} aria-label={t('records.setup.rename', { name: field.name })} onClick={() => setEditing(field.id)}><IconPencil size={15} /></ActionIcon></Tooltip>
                <Tooltip label={t('records.setup.removeField')}><ActionIcon size={30} aria-label={t('records.setup.remove', { name: field.name })} onClick={() => setRemoving(field)}><IconTrash size={15} /></ActionIcon></Tooltip>
              </>}
            </li>))}
      </ul>
      {!fields.length && editing !== 'new' && <Text size="sm" c="var(--text-3)">{t('records.setup.noFields')}</Text>}
      {editing === 'new' && <CustomFieldForm place={place} onClose={close} />}
      {canChange && editing !== 'new' && <Button size="xs" variant="default" mt={10} leftSection={<IconPlus size={14} />} onClick={() => setEditing('new')}>{t('records.setup.newField')}</Button>}
      <ConfirmDialog isOpen={removing !== null} title={t('records.setup.removeFieldTitle', { name: removing?.name ?? '' })} confirmLabel={t('records.setup.removeField')} onClose={() => setRemoving(null)} onConfirm={() => { const gone = removing!; setRemoving(null); run(() => deleteField(place, gone.id)); }}>
        <Text size="sm">{t('records.setup.removeFieldText')}</Text>
      </ConfirmDialog>
    </Panel>
  );
}
