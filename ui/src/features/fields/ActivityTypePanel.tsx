import { ActionIcon, Badge, Checkbox, Group, Stack, Text, TextInput, Tooltip } from '@mantine/core';
import { IconArchive, IconArchiveOff, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ActivityType } from '#/shared/api/types';
import { Panel } from '#/shared/parts/Page';
import { RolesInput } from './CustomFieldForm';
import { FieldList } from './FieldList';
import { changeType } from './setup';

type Props = { type: ActivityType; canChange: boolean; run: (change: () => Promise<unknown>) => void; onRemove: () => void };

/** One kind of activity: what it is called, who may write it, and what its form asks. */
export function ActivityTypePanel({ type, canChange, run, onRemove }: Props) {
  const { t } = useTranslation();
  const commit = (name: 'name' | 'description') => (event: { currentTarget: HTMLInputElement }) => {
    const text = event.currentTarget.value.trim();
    if (text !== type[name] && (text || name === 'description')) run(() => changeType(type.id, { [name]: text }));
    else event.currentTarget.value = type[name];
  };
  const archive = t(type.is_archived ? 'company.types.unarchive' : 'company.types.archive', { name: type.name });
  const actions = canChange && (
    <Group gap={4} wrap="nowrap">
      <Tooltip label={archive}><ActionIcon size={32} aria-label={archive} onClick={() => run(() => changeType(type.id, { is_archived: !type.is_archived }))}>{type.is_archived ? <IconArchiveOff size={16} /> : <IconArchive size={16} />}</ActionIcon></Tooltip>
      <Tooltip label={t('records.setup.remove', { name: type.name })}><ActionIcon size={32} aria-label={t('records.setup.remove', { name: type.name })} onClick={onRemove}><IconTrash size={16} /></ActionIcon></Tooltip>
    </Group>
  );
  return (
    <Panel title={<>{type.name} {type.is_archived && <Badge size="sm" variant="light" color="gray">{t('company.types.archived')}</Badge>}</>} hint={type.description} actions={actions}>
      {canChange && (
        <Stack gap={10} mb={16}>
          <Group gap={8} grow align="flex-start">
            <TextInput size="xs" label={t('records.setup.fieldName')} defaultValue={type.name} key={type.name} onBlur={commit('name')} />
            <TextInput size="xs" label={t('company.types.description')} defaultValue={type.description} key={`d ${type.description}`} onBlur={commit('description')} />
          </Group>
          <RolesInput label={t('company.types.roles')} value={type.editable_with_roles} onChange={(ids) => run(() => changeType(type.id, { editable_with_roles: ids }))} />
          <Checkbox size="xs" label={t('company.types.onlyApi')} checked={type.api_create_only} onChange={(event) => { const { checked } = event.currentTarget; run(() => changeType(type.id, { api_create_only: checked })); }} />
        </Stack>
      )}
      <Text component="h3" size="sm" fw={600} mb={6}>{t('company.types.form')}</Text>
      <FieldList place={type.id} canChange={canChange} />
    </Panel>
  );
}
