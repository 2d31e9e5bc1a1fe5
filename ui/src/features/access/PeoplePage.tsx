import { Button, Skeleton, Text } from '@mantine/core';
import { IconUserPlus, IconUsersGroup } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccessLink, Person } from '#/shared/api/types';
import { ConfirmDialog } from '#/shared/parts/ConfirmDialog';
import { EmptyState } from '#/shared/parts/EmptyState';
import { ErrorState } from '#/shared/parts/ErrorState';
import { notifyError } from '#/shared/parts/notify';
import { Panel, ScrollPage } from '#/shared/parts/Page';
import { useUser } from '#/shared/requests/authState';
import { usersQuery } from '#/shared/requests/users';
import classes from './access.module.css';
import { InviteDialog } from './InviteDialog';
import { LeaveDialog } from './LeaveDialog';
import { LinkDialog } from './LinkDialog';
import { giveRole, makeLink, peopleQuery, reactivate, removeTwoFactorOf, withdraw } from './members';
import { nameOf } from './person';
import { PersonRow, type PersonAct } from './PersonRow';

/** Who can sign in, and as what. Everybody may look; admins invite, change and deactivate. */
export function PeoplePage() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const me = useUser();
  const people = useQuery(peopleQuery);
  const [isInviting, setInviting] = useState(false);
  const [link, setLink] = useState<AccessLink | null>(null);
  const [leaving, setLeaving] = useState<Person | null>(null);
  const [phoneLost, setPhoneLost] = useState<Person | null>(null);
  const isAdmin = me.permissions.includes('manage_organization');
  const refresh = () => Promise.all([queries.invalidateQueries({ queryKey: peopleQuery.queryKey }), queries.invalidateQueries({ queryKey: usersQuery.queryKey })]);
  const change = useMutation({ mutationFn: (run: () => Promise<unknown>) => run(), onSettled: () => void refresh(), onError: (error) => notifyError(error) });
  const act = (person: Person) => (what: PersonAct) => {
    if (what === 'deactivate') setLeaving(person);
    else if (what === 'removeTwoFactor') setPhoneLost(person);
    else if (what === 'link') change.mutate(async () => setLink(await makeLink(person.id)));
    else change.mutate(() => (what === 'withdraw' ? withdraw(person.id) : reactivate(person.id)));
  };
  const everybody = people.data ?? [];
  const here = everybody.filter((person) => person.status !== 'inactive');
  const gone = everybody.filter((person) => person.status === 'inactive');
  const row = (person: Person) => <PersonRow key={person.id} person={person} isMe={person.user_id === me.id} isAdmin={isAdmin} onRole={(roleId) => change.mutate(() => giveRole(person.id, roleId))} onAct={act(person)} />;
  return (
    <ScrollPage width="narrow" title={t('access.people.title')} hint={people.data && t('access.people.hint', { count: here.length })} actions={isAdmin && <Button leftSection={<IconUserPlus size={16} />} onClick={() => setInviting(true)}>{t('access.people.invite')}</Button>}>
      {people.isPending && <Skeleton height={160} radius="md" />}
      {people.error && <ErrorState error={people.error} onRetry={() => void people.refetch()} />}
      {here.length > 0 && <Panel flush><ul className={classes.rows}>{here.map(row)}</ul></Panel>}
      {isAdmin && here.length === 1 && <EmptyState icon={IconUsersGroup} title={t('access.people.alone')} hint={t('access.people.aloneHint')} action={{ label: t('access.people.invite'), run: () => setInviting(true) }} />}
      {gone.length > 0 && <Panel flush title={t('access.people.inactiveTitle')}><ul className={classes.rows}>{gone.map(row)}</ul></Panel>}
      <InviteDialog isOpen={isInviting} onClose={() => setInviting(false)} onInvited={(made) => { setInviting(false); setLink(made); void refresh(); }} />
      <LinkDialog link={link} onClose={() => setLink(null)} />
      {leaving && <LeaveDialog person={leaving} others={here.filter((other) => other.id !== leaving.id && other.status === 'active')} onClose={() => setLeaving(null)} onDone={() => { setLeaving(null); void refresh(); }} />}
      <ConfirmDialog isOpen={phoneLost !== null} title={t('access.people.removeTwoFactor')} confirmLabel={t('access.twoFactor.turnOff')} onClose={() => setPhoneLost(null)}
        onConfirm={() => { const person = phoneLost; setPhoneLost(null); if (person) change.mutate(() => removeTwoFactorOf(person.id)); }}>
        <Text size="sm">{phoneLost && t('access.people.removeTwoFactorAsk', { name: nameOf(phoneLost) })}</Text>
      </ConfirmDialog>
    </ScrollPage>
  );
}
