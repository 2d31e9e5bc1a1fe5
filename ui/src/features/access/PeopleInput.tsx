import { Button, Menu } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Person, Role } from '#/shared/api/types';
import { notifyError } from '#/shared/parts/notify';
import { giveRole, peopleQuery } from './members';
import { nameOf } from './person';

/** Gives the role to somebody: everybody has exactly one, so that whoever gets it has the former no more. */
export function PeopleInput({ role, name, people }: { role: Role; name: string; people: Person[] }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const give = useMutation({ mutationFn: (person: Person) => giveRole(person.id, role.id), onSettled: () => void queries.invalidateQueries({ queryKey: peopleQuery.queryKey }), onError: (error) => notifyError(error) });
  const others = people.filter((person) => person.role_id !== role.id && person.status !== 'inactive');
  if (!others.length) return null;
  return (
    <Menu position="bottom-start">
      <Menu.Target><Button mt={6} ml={-8} size="compact-xs" variant="subtle" leftSection={<IconUserPlus size={13} />} loading={give.isPending} aria-label={t('company.roles.giveTo', { name })}>{t('company.roles.give')}</Button></Menu.Target>
      <Menu.Dropdown>{others.map((person) => <Menu.Item key={person.id} onClick={() => give.mutate(person)}>{nameOf(person)}</Menu.Item>)}</Menu.Dropdown>
    </Menu>
  );
}
