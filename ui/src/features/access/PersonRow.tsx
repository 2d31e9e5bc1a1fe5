import { ActionIcon, Menu, Text } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Person } from '#/shared/api/types';
import { Initials } from '#/shared/parts/Initials';
import { relativeTime, shortDate } from '#/shared/time/format';
import classes from './access.module.css';
import { nameOf } from './person';
import { RoleSelect } from './RoleSelect';

export type PersonAct = 'link' | 'withdraw' | 'deactivate' | 'reactivate' | 'removeTwoFactor';
type Props = { person: Person; isMe: boolean; isAdmin: boolean; onRole: (roleId: string) => void; onAct: (act: PersonAct) => void };

export function PersonRow({ person, isMe, isAdmin, onRole, onAct }: Props) {
  const { t } = useTranslation();
  const name = nameOf(person);
  return (
    <li className={classes.row}>
      <Initials name={name} size={36} />
      <div className={classes.text}>
        <Text size="sm" fw={550}>{name}{isMe && <Text span size="xs" c="var(--text-3)"> ({t('access.people.you')})</Text>}</Text>
        <div className={classes.sub}>
          {person.user_full_name && <span>{person.user_email}</span>}
          {person.status === 'invited' && <span data-tone="warn">{t('access.people.status.invited')}</span>}
          {person.status === 'active' && isAdmin && <span>{person.date_seen ? t('access.people.seen', { when: relativeTime(person.date_seen) }) : t('access.people.notSeen')}</span>}
          {person.has_two_factor && <span data-tone="good">{t('access.people.twoFactor')}</span>}
          {person.connected_accounts.length > 0 && <span>{t('access.people.accounts', { count: person.connected_accounts.length })}</span>}
          {person.link_expires && <span>{t('access.people.linkExpires', { date: shortDate(person.link_expires) })}</span>}
          {person.link_mail_error && <span data-tone="bad">{t('access.people.linkError', { error: person.link_mail_error })}</span>}
        </div>
      </div>
      {person.status !== 'inactive' && <div className={classes.role}><RoleSelect label={t('access.people.roleOf', { name })} isLabelHidden value={person.role_id} onChange={onRole} isDisabled={!isAdmin} /></div>}
      {isAdmin && <Acts person={person} isMe={isMe} name={name} onAct={onAct} />}
    </li>
  );
}

function Acts({ person, isMe, name, onAct }: { person: Person; isMe: boolean; name: string; onAct: (act: PersonAct) => void }) {
  const { t } = useTranslation();
  const isInvited = person.status === 'invited';
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target><ActionIcon size={36} aria-label={t('access.people.menu', { name })}><IconDots size={18} /></ActionIcon></Menu.Target>
      <Menu.Dropdown>
        {person.status === 'inactive' ? <Menu.Item onClick={() => onAct('reactivate')}>{t('access.people.reactivate')}</Menu.Item> : (
          <>
            <Menu.Item onClick={() => onAct('link')}>{t(isInvited ? 'access.people.newInvitation' : 'access.people.newPassword')}</Menu.Item>
            {person.has_two_factor && !isMe && <Menu.Item onClick={() => onAct('removeTwoFactor')}>{t('access.people.removeTwoFactor')}</Menu.Item>}
            {isInvited && <Menu.Item color="red" onClick={() => onAct('withdraw')}>{t('access.people.withdraw')}</Menu.Item>}
            {!isInvited && !isMe && <Menu.Item color="red" onClick={() => onAct('deactivate')}>{t('access.people.deactivate')}</Menu.Item>}
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
