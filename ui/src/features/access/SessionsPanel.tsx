import { Button, Skeleton, Text } from '@mantine/core';
import { IconDeviceDesktop, IconDeviceMobile } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { SignedInBrowser } from '#/shared/api/types';
import { notifyDone, notifyError } from '#/shared/parts/notify';
import { Panel } from '#/shared/parts/Page';
import { relativeTime, shortDate } from '#/shared/time/format';
import classes from './access.module.css';
import { deviceOf, isHandheld } from './device';
import { endOtherSessions, endSession, sessionsQuery } from './security';

export function SessionsPanel() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { data: sessions } = useQuery(sessionsQuery);
  const end = useMutation({
    mutationFn: (id: string | null) => (id ? endSession(id) : endOtherSessions()),
    onSuccess: () => notifyDone(t('access.sessions.ended')), onError: (error) => notifyError(error),
    onSettled: () => queries.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
  return (
    <Panel flush title={t('access.sessions.title')} hint={t('access.sessions.hint')} actions={sessions && sessions.length > 1 && <Button variant="default" onClick={() => end.mutate(null)}>{t('access.sessions.endOthers')}</Button>}>
      {!sessions && <Skeleton height={64} />}
      <ul className={classes.rows}>{sessions?.map((session) => <Row key={session.id} session={session} onEnd={() => end.mutate(session.id)} />)}</ul>
    </Panel>
  );
}

function Row({ session, onEnd }: { session: SignedInBrowser; onEnd: () => void }) {
  const { t } = useTranslation();
  const device = deviceOf(session.user_agent);
  const name = device ? t('access.sessions.device', device) : t('access.sessions.unknown');
  const Sign = isHandheld(session.user_agent) ? IconDeviceMobile : IconDeviceDesktop;
  return (
    <li className={classes.row}>
      <Sign size={22} stroke={1.5} aria-hidden />
      <div className={classes.text}>
        <Text size="sm" fw={550}>{name}</Text>
        <div className={classes.sub}>
          {session.is_current && <span data-tone="good">{t('access.sessions.current')}</span>}
          <span>{t('access.sessions.seen', { when: relativeTime(session.date_seen), place: session.remote || '?' })}</span>
          <span>{t('access.sessions.begun', { date: shortDate(session.date_created) })}</span>
        </div>
      </div>
      {!session.is_current && <Button variant="default" size="xs" aria-label={`${t('access.sessions.end')}: ${name}`} onClick={onEnd}>{t('access.sessions.end')}</Button>}
    </li>
  );
}
