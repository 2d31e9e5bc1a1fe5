import { ActionIcon, Button, Group, Skeleton, Text, Tooltip } from '@mantine/core';
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Role } from '#/shared/api/types';
import { ConfirmDialog } from '#/shared/parts/ConfirmDialog';
import { ErrorState } from '#/shared/parts/ErrorState';
import { notifyError } from '#/shared/parts/notify';
import { Panel, ScrollPage } from '#/shared/parts/Page';
import { useUser } from '#/shared/requests/authState';
import { isBuiltIn, rolesQuery, useRoleName } from '#/shared/requests/roles';
import classes from './access.module.css';
import { peopleQuery } from './members';
import { PeopleInput } from './PeopleInput';
import { RoleForm } from './RoleForm';
import { deleteRole } from './roles';

/** What each role may do, who has it, and the roles that the company has made itself. */
export function RolesPage() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const isAdmin = useUser().permissions.includes('manage_organization');
  const roles = useQuery(rolesQuery);
  const [editing, setEditing] = useState<Role | 'new' | null>(null);
  const [goes, setGoes] = useState<Role | null>(null);
  const remove = useMutation({ mutationFn: (role: Role) => deleteRole(role.id), onSettled: () => void queries.invalidateQueries({ queryKey: rolesQuery.queryKey }), onError: (error) => notifyError(error) });
  return (
    <ScrollPage width="narrow" title={t('company.roles.title')} hint={t(isAdmin ? 'company.roles.hint' : 'records.setup.onlyAdmins')}
      actions={isAdmin && editing !== 'new' && <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>{t('company.roles.new')}</Button>}>
      {roles.isPending && <Skeleton height={160} radius="md" />}
      {roles.error && <ErrorState error={roles.error} onRetry={() => void roles.refetch()} />}
      {editing === 'new' && <Panel title={t('company.roles.new')}><RoleForm onClose={() => setEditing(null)} /></Panel>}
      {roles.data && (
        <Panel flush>
          <ul className={classes.rows}>
            {roles.data.map((role) => (editing !== null && editing !== 'new' && editing.id === role.id
              ? <li key={role.id} className={classes.row}><div className={classes.text}><RoleForm role={role} onClose={() => setEditing(null)} /></div></li>
              : <RoleRow key={role.id} role={role} isAdmin={isAdmin} onEdit={() => setEditing(role)} onRemove={() => setGoes(role)} />))}
          </ul>
        </Panel>
      )}
      <ConfirmDialog isOpen={goes !== null} title={goes ? t('records.setup.remove', { name: goes.name }) : ''} confirmLabel={t('general.remove')} onClose={() => setGoes(null)}
        onConfirm={() => { const role = goes; setGoes(null); if (role) remove.mutate(role); }}>
        <Text size="sm">{t('company.roles.removeText')}</Text>
      </ConfirmDialog>
    </ScrollPage>
  );
}

type RowProps = { role: Role; isAdmin: boolean; onEdit: () => void; onRemove: () => void };

function RoleRow({ role, isAdmin, onEdit, onRemove }: RowProps) {
  const { t } = useTranslation();
  const nameOf = useRoleName();
  const name = nameOf(role);
  const { data: people = [] } = useQuery(peopleQuery);
  const count = people.filter((person) => person.role_id === role.id && person.status !== 'inactive').length;
  const facts = [t('company.roles.people', { count }), role.editable ? t('company.roles.permissions', { count: role.permissions.length }) : t('company.roles.builtIn'), !role.permissions.includes('view_all_leads') && t('company.roles.someLeads')];
  return (
    <li className={classes.row}>
      <div className={classes.text}>
        <Text size="sm" fw={600}>{name}</Text>
        {isBuiltIn(role.id) && <Text size="xs" c="var(--text-2)">{t(`access.people.roleHints.${role.id}`)}</Text>}
        <div className={classes.sub}>{facts.filter(Boolean).map((fact) => <span key={String(fact)}>{fact}</span>)}</div>
        {isAdmin && <PeopleInput role={role} name={name} people={people} />}
      </div>
      {isAdmin && role.editable && (
        <Group gap={2} wrap="nowrap">
          <Tooltip label={t('general.edit')}><ActionIcon size={34} aria-label={t('company.roles.edit', { name })} onClick={onEdit}><IconPencil size={16} /></ActionIcon></Tooltip>
          <Tooltip label={t('general.remove')}><ActionIcon size={34} aria-label={t('records.setup.remove', { name })} onClick={onRemove}><IconTrash size={16} /></ActionIcon></Tooltip>
        </Group>
      )}
    </li>
  );
}
