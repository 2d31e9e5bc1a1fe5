import { Button, Checkbox, Group, MultiSelect, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Role } from '#/shared/api/types';
import { explainError } from '#/shared/parts/explainError';
import { Notice } from '#/shared/parts/Notice';
import { rolesQuery } from '#/shared/requests/roles';
import { fieldsQuery } from '#/shared/requests/setup';
import classes from './access.module.css';
import { changeRole, createRole, PERMISSIONS, type RoleWrite, type Sight } from './roles';

const SIGHTS: Sight[] = ['all', 'require_assignment', 'allow_unassigned'];
const GROUPS = Object.keys(PERMISSIONS) as (keyof typeof PERMISSIONS)[];

/** A role: its name, what it may do, and which leads it sees. */
export function RoleForm({ role, onClose }: { role?: Role; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { data: fields = [] } = useQuery({ ...fieldsQuery('lead'), select: (all) => all.filter((field) => field.type === 'user') });
  const [draft, setDraft] = useState<RoleWrite>(() => ({
    name: role?.name ?? '', permissions: role?.permissions ?? ['view_all_leads', 'delete_own_activities', 'view_coworkers_inboxes', 'manage_team_smart_views'],
    sight: !role || role.permissions.includes('view_all_leads') ? 'all' : (role.visibility_user_lcf_behavior ?? 'require_assignment') as Sight, fieldIds: role?.visibility_user_lcf_ids ?? [],
  }));
  const set = (change: Partial<RoleWrite>) => setDraft((old) => ({ ...old, ...change }));
  const save = useMutation({ mutationFn: () => (role ? changeRole(role.id, draft) : createRole(draft)), onSuccess: () => { void queries.invalidateQueries({ queryKey: rolesQuery.queryKey }); onClose(); } });
  const isWhole = draft.name.trim() !== '' && (draft.sight === 'all' || draft.fieldIds.length > 0);
  return (
    <form aria-label={role?.name ?? t('company.roles.new')} onSubmit={(event) => { event.preventDefault(); if (isWhole) save.mutate(); }}>
      <Stack gap="md">
        <TextInput label={t('company.roles.name')} autoFocus value={draft.name} onChange={(event) => set({ name: event.currentTarget.value })} />
        <Checkbox.Group label={t('company.roles.may')} value={draft.permissions} onChange={(permissions) => set({ permissions })}>
          <div className={classes.permissions}>
            {GROUPS.map((group) => (
              <Stack key={group} gap={8}>
                <Text size="xs" c="var(--text-3)">{t(`company.roles.group.${group}`)}</Text>
                {PERMISSIONS[group].map((one) => <Checkbox key={one} size="xs" value={one} label={t(`company.roles.permission.${one}`)} />)}
              </Stack>
            ))}
          </div>
        </Checkbox.Group>
        <Radio.Group label={t('company.roles.sees')} value={draft.sight} onChange={(sight) => set({ sight: sight as Sight })}>
          <Stack gap={8} mt={8}>{SIGHTS.map((one) => <Radio key={one} size="xs" value={one} label={t(`company.roles.sight.${one}`)} disabled={one !== 'all' && draft.permissions.includes('manage_organization')} />)}</Stack>
        </Radio.Group>
        {draft.sight !== 'all' && (fields.length
          ? <MultiSelect label={t('company.roles.fields')} description={t('company.roles.fieldsHint')} value={draft.fieldIds} onChange={(fieldIds) => set({ fieldIds })} data={fields.map((field) => ({ value: field.id, label: field.name }))} />
          : <Notice tone="warn">{t('company.roles.noFields')}</Notice>)}
        {save.error && <Notice tone="bad">{explainError(save.error, t)}</Notice>}
        <Group gap="sm">
          <Button type="submit" disabled={!isWhole} loading={save.isPending}>{t('general.save')}</Button>
          <Button variant="default" onClick={onClose}>{t('general.cancel')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
