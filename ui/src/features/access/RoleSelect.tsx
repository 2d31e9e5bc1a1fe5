import { Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Role, RoleId } from '#/shared/api/types';
import { rolesQuery } from './members';

const BUILT_IN: RoleId[] = ['admin', 'superuser', 'user', 'restricteduser'];
const isBuiltIn = (id: string): id is RoleId => (BUILT_IN as string[]).includes(id);

/** The built-in roles have names in the reader's language; an organization's own are called as it called them. */
export function useRoleName(): (role: Pick<Role, 'id' | 'name'>) => string {
  const { t } = useTranslation();
  return (role) => (isBuiltIn(role.id) ? t(`access.people.roles.${role.id}`) : role.name);
}

type Props = { value: string; onChange: (roleId: string) => void; label: string; isLabelHidden?: true; isDisabled?: boolean };

export function RoleSelect({ value, onChange, label, isLabelHidden, isDisabled = false }: Props) {
  const { t } = useTranslation();
  const { data: roles = BUILT_IN.map((id) => ({ id, name: id })) } = useQuery(rolesQuery);
  const nameOf = useRoleName();
  return (
    <Select {...(isLabelHidden ? { 'aria-label': label } : { label })} data={roles.map((role) => ({ value: role.id, label: nameOf(role) }))} value={value} disabled={isDisabled}
      comboboxProps={{ width: 300, position: 'bottom-end' }} onChange={(roleId) => roleId && roleId !== value && onChange(roleId)}
      renderOption={({ option }) => <div><Text size="sm">{option.label}</Text>{isBuiltIn(option.value) && <Text size="xs" c="var(--text-3)">{t(`access.people.roleHints.${option.value}`)}</Text>}</div>} />
  );
}
