import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useUser } from '#/shared/requests/authState';
import { userName, usersQuery } from '#/shared/requests/users';
import classes from './inbox.module.css';

/** Mine, a coworker's or everybody's. Shown only where there is a coworker. */
export function WhoseInbox({ who, onChange }: { who: string | undefined; onChange: (who: string | undefined) => void }) {
  const { t } = useTranslation();
  const me = useUser();
  const { data: users = [] } = useQuery(usersQuery);
  const coworkers = users.filter((user) => user.id !== me.id);
  if (!coworkers.length) return null;
  const choices = [
    { value: 'me', label: t('inbox.mine') }, ...coworkers.map((user) => ({ value: user.id, label: userName(user) })), { value: 'all', label: t('inbox.everybody') },
  ];
  return <Select size="xs" w={132} variant="unstyled" classNames={{ input: classes.whose }} aria-label={t('inbox.whose')} data={choices} value={who ?? 'me'} onChange={(value) => onChange(!value || value === 'me' ? undefined : value)} />;
}
