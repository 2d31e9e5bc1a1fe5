import { ActionIcon, Button, Group as Row, MultiSelect, Skeleton, Text, TextInput } from '@mantine/core';
import { IconTrash, IconUsersGroup } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Group } from '#/shared/api/types';
import { ConfirmDialog } from '#/shared/parts/ConfirmDialog';
import { EmptyState } from '#/shared/parts/EmptyState';
import { ErrorState } from '#/shared/parts/ErrorState';
import { notifyError } from '#/shared/parts/notify';
import { Panel, ScrollPage } from '#/shared/parts/Page';
import { useUser } from '#/shared/requests/authState';
import { userName, usersQuery } from '#/shared/requests/users';
import { addToGroup, createGroup, deleteGroup, groupsQuery, renameGroup, takeFromGroup } from './members';

export function GroupsPage() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const isAdmin = useUser().permissions.includes('manage_organization');
  const groups = useQuery(groupsQuery);
  const [name, setName] = useState('');
  const [goes, setGoes] = useState<Group | null>(null);
  const change = useMutation({ mutationFn: (run: () => Promise<unknown>) => run(), onSettled: () => queries.invalidateQueries({ queryKey: groupsQuery.queryKey }), onError: (error) => notifyError(error) });
  const create = () => change.mutate(() => createGroup(name.trim()), { onSuccess: () => setName('') });
  return (
    <ScrollPage width="narrow" title={t('access.groups.title')} hint={t('access.groups.hint')}>
      {isAdmin && (
        <Panel>
          <form onSubmit={(event) => { event.preventDefault(); if (name.trim()) create(); }}>
            <Row align="flex-end" gap="sm"><TextInput flex={1} miw={180} label={t('access.groups.name')} value={name} onChange={(event) => setName(event.currentTarget.value)} /><Button type="submit" disabled={!name.trim()} loading={change.isPending}>{t('access.groups.create')}</Button></Row>
          </form>
        </Panel>
      )}
      {groups.isPending && <Skeleton height={120} radius="md" />}
      {groups.error && <ErrorState error={groups.error} onRetry={() => void groups.refetch()} />}
      {groups.data?.length === 0 && <EmptyState icon={IconUsersGroup} title={t('access.groups.none')} hint={t('access.groups.noneHint')} />}
      {groups.data?.map((group) => <GroupPanel key={group.id} group={group} isAdmin={isAdmin} onChange={(run) => change.mutate(run)} onRemove={() => setGoes(group)} />)}
      <ConfirmDialog isOpen={goes !== null} title={goes ? t('access.groups.remove', { name: goes.name }) : ''} confirmLabel={t('general.remove')} onClose={() => setGoes(null)}
        onConfirm={() => { const group = goes; setGoes(null); if (group) change.mutate(() => deleteGroup(group.id)); }}>
        <Text size="sm">{t('access.groups.removeAsk')}</Text>
      </ConfirmDialog>
    </ScrollPage>
  );
}

type PanelProps = { group: Group; isAdmin: boolean; onChange: (run: () => Promise<unknown>) => void; onRemove: () => void };

function GroupPanel({ group, isAdmin, onChange, onRemove }: PanelProps) {
  const { t } = useTranslation();
  const { data: users = [] } = useQuery(usersQuery);
  const inside = group.members.map((member) => member.user_id);
  const choose = (wanted: string[]) => onChange(async () => {
    for (const id of wanted.filter((each) => !inside.includes(each))) await addToGroup(group.id, id);
    for (const id of inside.filter((each) => !wanted.includes(each))) await takeFromGroup(group.id, id);
  });
  const rename = (typed: string) => { if (typed.trim() && typed.trim() !== group.name) onChange(() => renameGroup(group.id, typed.trim())); };
  return (
    <Panel title={isAdmin ? <TextInput variant="unstyled" fw={600} aria-label={t('access.groups.rename', { name: group.name })} defaultValue={group.name} onBlur={(event) => rename(event.currentTarget.value)} /> : group.name}
      actions={isAdmin && <ActionIcon size={36} aria-label={t('access.groups.remove', { name: group.name })} onClick={onRemove}><IconTrash size={17} /></ActionIcon>}>
      <MultiSelect aria-label={t('access.groups.members', { name: group.name })} data={users.map((user) => ({ value: user.id, label: userName(user) }))} value={inside} onChange={choose} readOnly={!isAdmin} searchable />
    </Panel>
  );
}
