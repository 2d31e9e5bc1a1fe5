import { Button, Group, Select, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account, Writing } from '#/shared/api/types';
import { notifyDone, notifyError } from '#/shared/parts/notify';
import { accountsQuery } from '#/shared/requests/accounts';
import { useUser } from '#/shared/requests/authState';
import { fullDate } from '#/shared/time/format';
import { moveWritings, writingsQuery } from './mending';
import classes from './accounts.module.css';

const SHOWN = 8;

/** Drafts and mail that still waits for an account, and where they can go instead. */
export function Writings({ account }: { account: Account }) {
  const { t } = useTranslation();
  const { data } = useQuery(writingsQuery(account.id));
  if (!data || data.data.length === 0) return <Text size="sm" c="var(--text-3)" mt="md">{t('mend.noWritings')}</Text>;
  const total = Object.values(data.total_by_status).reduce((sum, each) => sum + each, 0);
  return (
    <div className={classes.writings}>
      <Text size="sm" fw={600}>{t('mend.writings', { count: total })}</Text>
      <ul className={classes.writingList}>{data.data.slice(0, SHOWN).map((writing) => <Line key={writing.id} writing={writing} />)}</ul>
      {total > SHOWN && <Text size="xs" c="var(--text-3)">{t('mend.more', { count: total - SHOWN })}</Text>}
      <MoveTo account={account} />
    </div>
  );
}

function Line({ writing }: { writing: Writing }) {
  const { t } = useTranslation();
  return (
    <li>
      <Text span size="sm" truncate>{writing.subject || t('mend.noSubject')} <Text span size="xs" c="var(--text-3)"><Link to="/leads/$leadId" params={{ leadId: writing.lead_id }}>{writing.lead_name}</Link></Text></Text>
      <Text span size="xs" c="var(--text-3)">{t(`mend.status.${writing.status}` as 'mend.status.draft')}{writing.date_scheduled && ` · ${fullDate(writing.date_scheduled)}`}</Text>
    </li>
  );
}

function MoveTo({ account }: { account: Account }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const user = useUser();
  const { data: accounts = [] } = useQuery(accountsQuery);
  const [target, setTarget] = useState<string | null>(null);
  const choices = accounts.filter((each) => each.id !== account.id && each.smtp && each.send_enabled && (user.role === 'admin' || !each.user_id || each.user_id === user.id));
  const move = useMutation({
    mutationFn: (id: string) => moveWritings(account.id, id),
    onSuccess: (done) => {
      for (const queryKey of [['writings', account.id], ['lead'], ['mail']]) void queries.invalidateQueries({ queryKey });
      notifyDone(t('mend.moved', { count: done.moved }));
    },
    onError: (error) => notifyError(error),
  });
  if (choices.length === 0) return <Text size="xs" c="var(--text-3)" mt="sm">{t('mend.nowhere')}</Text>;
  return (
    <Group mt="sm" gap="sm" align="end">
      <Select flex={1} maw={320} label={t('mend.moveTo')} placeholder={t('mend.choose')} data={choices.map((each) => ({ value: each.id, label: each.email }))} value={target} onChange={setTarget} />
      <Button variant="default" disabled={!target} loading={move.isPending} onClick={() => target && move.mutate(target)}>{t('mend.move')}</Button>
    </Group>
  );
}
