import { queryOptions } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { get } from '#/shared/api/client';
import type { Role, RoleId } from '#/shared/api/types';

export const rolesQuery = queryOptions({ queryKey: ['access', 'roles'], queryFn: async ({ signal }) => (await get('/role/', { signal })).data });

export const BUILT_IN: RoleId[] = ['admin', 'superuser', 'user', 'restricteduser'];
export const isBuiltIn = (id: string): id is RoleId => (BUILT_IN as string[]).includes(id);

/** The built-in roles have names in the reader's language; an organization's own are called as it called them. */
export function useRoleName(): (role: Pick<Role, 'id' | 'name'>) => string {
  const { t } = useTranslation();
  return (role) => (isBuiltIn(role.id) ? t(`access.people.roles.${role.id}`) : role.name);
}
