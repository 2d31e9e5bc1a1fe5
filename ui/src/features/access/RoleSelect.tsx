import { Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { BUILT_IN, isBuiltIn, rolesQuery, useRoleName } from '#/shared/requests/roles';

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
