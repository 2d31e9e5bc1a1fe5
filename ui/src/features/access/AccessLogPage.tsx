import { Button, Skeleton } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { AccessEntry } from '#/shared/api/types';
import { EmptyState } from '#/shared/parts/EmptyState';
import { ErrorState } from '#/shared/parts/ErrorState';
import { Panel, ScrollPage } from '#/shared/parts/Page';
import { fullDate } from '#/shared/time/format';
import classes from './access.module.css';
import { deviceOf } from './device';
import { accessLogQuery } from './members';

const SHOWN = new Set(['email', 'name', 'role_id', 'permissions', 'accounts', 'count']);

export function AccessLogPage() {
  const { t } = useTranslation();
  const log = useInfiniteQuery(accessLogQuery);
  const lines = log.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <ScrollPage width="narrow" title={t('access.log.title')} hint={t('access.log.hint')}>
      {log.isPending && <Skeleton height={200} radius="md" />}
      {log.error && <ErrorState error={log.error} onRetry={() => void log.refetch()} />}
      {log.data && lines.length === 0 && <EmptyState icon={IconShieldCheck} title={t('access.log.none')} />}
      {lines.length > 0 && (
        <Panel flush>
          <table className={classes.log}>
            <thead><tr><th scope="col">{t('access.log.when')}</th><th scope="col">{t('access.log.who')}</th><th scope="col">{t('access.log.what')}</th><th scope="col">{t('access.log.from')}</th></tr></thead>
            <tbody>{lines.map((line) => <Line key={line.id} line={line} />)}</tbody>
          </table>
        </Panel>
      )}
      {log.hasNextPage && <Button variant="default" loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>{t('access.log.more')}</Button>}
    </ScrollPage>
  );
}

function Line({ line }: { line: AccessEntry }) {
  const { t } = useTranslation();
  const device = deviceOf(line.user_agent);
  const act = t(`access.log.acts.${line.act as 'signed_in'}`);
  const detail = Object.entries((line.detail ?? {}) as Record<string, string>).filter(([key, value]) => value && SHOWN.has(key)).map(([, value]) => value).join(', ');
  return (
    <tr>
      <td>{fullDate(line.date_created)}</td>
      <td>{line.user_name ?? <span className={classes.muted}>{t('access.log.operator')}</span>}</td>
      <td>{line.subject_name && line.subject_id !== line.user_id ? t('access.log.about', { act, name: line.subject_name }) : act}{detail && <div className={classes.muted}>{detail}</div>}</td>
      <td>{line.remote}{device && <div className={classes.muted}>{t('access.sessions.device', device)}</div>}</td>
    </tr>
  );
}
