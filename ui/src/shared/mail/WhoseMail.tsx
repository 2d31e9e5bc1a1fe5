import { Menu, Text, UnstyledButton } from '@mantine/core';
import { IconCheck, IconSelector } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { accountsQuery } from '#/shared/requests/accounts';
import { useUser } from '#/shared/requests/authState';
import { userName, usersQuery } from '#/shared/requests/users';
import classes from './mail.module.css';

/** Both absent: everything that is mine. */
export type Whose = { who?: string | undefined; account?: string | undefined };
type Choice = Whose & { label: string };

/** Mine, one of my accounts, a coworker's, or everybody's. Shown only where there is a choice. */
export function WhoseMail({ who, account, onChange }: Whose & { onChange: (whose: Whose) => void }) {
  const { t } = useTranslation();
  const me = useUser();
  const { data: users = [] } = useQuery(usersQuery);
  const { data: accounts = [] } = useQuery(accountsQuery);
  const own = accounts.filter((each) => each.user_id === me.id || each.user_id === null);
  const coworkers = users.filter((user) => user.id !== me.id);
  if (!coworkers.length && own.length < 2) return null;
  const groups: [string, Choice[]][] = [
    ['', [{ label: t('inbox.mine') }]],
    [t('inbox.byAccount'), own.length > 1 ? own.map((each) => ({ account: each.id, label: each.email })) : []],
    [t('inbox.coworkers'), coworkers.map((user) => ({ who: user.id, label: userName(user) }))],
    ['', coworkers.length ? [{ who: 'all', label: t('inbox.everybody') }] : []],
  ];
  const isChosen = (choice: Choice) => choice.who === who && choice.account === account;
  const chosen = groups.flatMap(([, choices]) => choices).find(isChosen);
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <UnstyledButton className={classes.whose} aria-label={t('inbox.whose')}><Text span size="xs" truncate>{chosen?.label ?? t('inbox.mine')}</Text><IconSelector size={14} aria-hidden /></UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {groups.filter(([, choices]) => choices.length).map(([title, choices]) => (
          <div key={`${title} ${choices[0]!.label}`}>
            {title && <Menu.Label>{title}</Menu.Label>}
            {choices.map((choice) => (
              <Menu.Item key={choice.label} aria-current={isChosen(choice) || undefined} onClick={() => onChange({ who: choice.who, account: choice.account })} rightSection={isChosen(choice) && <IconCheck size={15} aria-hidden />}>
                <Text size="sm" truncate>{choice.label}</Text>
              </Menu.Item>
            ))}
          </div>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
