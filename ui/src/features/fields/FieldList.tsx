import { ActionIcon, Button, Text, Tooltip } from '@mantine/core';
import { IconArrowUp, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomField } from '#/shared/api/types';
import { ConfirmDialog } from '#/shared/parts/ConfirmDialog';
import { fieldsQuery, type FieldPlace } from '#/shared/requests/setup';
import { CustomFieldForm } from './CustomFieldForm';
import classes from './fields.module.css';
import { deleteField, movedUp, orderFields } from './setup';
import { useSetup } from './useSetup';

type Props = { place: FieldPlace; canChange: boolean };

/** The fields of one kind of thing in their order; each opens for editing where it stands. */
export function FieldList({ place, canChange }: Props) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState<string | null>(null);
  const [removing, setRemoving] = useState<CustomField | null>(null);
  const { data: fields = [] } = useQuery(fieldsQuery(place));
  const { run } = useSetup();
  const close = () => setEditing(null);
  return (
    <>
      <ul className={classes.list}>
        {fields.map((field, index) => (editing === field.id
          ? <li key={field.id}><CustomFieldForm place={place} field={field} onClose={close} /></li>
          : <FieldRow key={field.id} field={field} isFirst={index === 0} canChange={canChange} onEdit={() => setEditing(field.id)} onRemove={() => setRemoving(field)}
              onUp={() => run(() => orderFields(place, movedUp(fields, index).map((each) => each.id)))} />))}
      </ul>
      {!fields.length && editing !== 'new' && <Text size="sm" c="var(--text-3)">{t('records.setup.noFields')}</Text>}
      {editing === 'new' && <CustomFieldForm place={place} onClose={close} />}
      {canChange && editing !== 'new' && <Button size="xs" variant="default" mt={10} leftSection={<IconPlus size={14} />} onClick={() => setEditing('new')}>{t('records.setup.newField')}</Button>}
      <ConfirmDialog isOpen={removing !== null} title={t('records.setup.removeFieldTitle', { name: removing?.name ?? '' })} confirmLabel={t('records.setup.removeField')} onClose={() => setRemoving(null)} onConfirm={() => { const gone = removing!; setRemoving(null); run(() => deleteField(place, gone)); }}>
        <Text size="sm">{t(removing?.is_shared && removing.associations.length > 1 ? 'company.fields.takeOff' : 'records.setup.removeFieldText')}</Text>
      </ConfirmDialog>
    </>
  );
}

type RowProps = { field: CustomField; isFirst: boolean; canChange: boolean; onEdit: () => void; onUp: () => void; onRemove: () => void };

function FieldRow({ field, isFirst, canChange, onEdit, onUp, onRemove }: RowProps) {
  const { t } = useTranslation();
  const facts = [t(`records.setup.type.${field.type}`), field.accepts_multiple_values && t('records.setup.severalValues'), field.required && t('company.fields.isRequired'), field.is_shared && t('records.setup.shared'), field.editable_with_roles.length > 0 && t('company.fields.isLimited'), field.choices.join(', ')];
  return (
    <li className={classes.row}>
      <div className={classes.field}>
        <Text size="sm" fw={550} truncate>{field.name}</Text>
        <Text size="xs" c="var(--text-3)" truncate>{facts.filter(Boolean).join(' · ')}</Text>
      </div>
      {canChange && <>
        <Tooltip label={t('records.setup.up', { name: field.name })}><ActionIcon size={30} aria-label={t('records.setup.up', { name: field.name })} disabled={isFirst} onClick={onUp}><IconArrowUp size={15} /></ActionIcon></Tooltip>
        <Tooltip label={t('general.edit')}><ActionIcon size={30} aria-label={t('records.setup.rename', { name: field.name })} onClick={onEdit}><IconPencil size={15} /></ActionIcon></Tooltip>
        <Tooltip label={t('records.setup.removeField')}><ActionIcon size={30} aria-label={t('records.setup.remove', { name: field.name })} onClick={onRemove}><IconTrash size={15} /></ActionIcon></Tooltip>
      </>}
    </li>
  );
}
