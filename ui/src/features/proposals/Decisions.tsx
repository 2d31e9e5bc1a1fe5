import { Button, Text } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '#/shared/parts/ErrorState';
import { notifyDone, notifyError } from '#/shared/parts/notify';
import { Panel } from '#/shared/parts/Page';
import { fullDate } from '#/shared/time/format';
import { decisionsQuery, takeBack } from './proposals';
import classes from './proposals.module.css';

/** What was decided about all mail of a sender; each can be taken back. */
export function Decisions() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(decisionsQuery);
  const rows = data?.pages.flatMap((page) => page.data) ?? [];
  const undo = useMutation({
    mutationFn: takeBack,
    onSuccess: () => notifyDone(t('privacy.decisions.takenBack')),
    onError: (problem) => notifyError(problem),
    onSettled: () => { void queries.invalidateQueries({ queryKey: ['proposals'] }); },
  });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (rows.length === 0) return null;
  return (
    <Panel flush title={t('privacy.decisions.title')} hint={t('privacy.decisions.hint')}>
      <ul className={classes.rows}>
        {rows.map((row) => (
          <li key={row.id} className={classes.row}>
            <div className={classes.text}>
              <Text size="sm" fw={600} truncate>{row.sender || t('privacy.decisions.unknown')}</Text>
              <Text size="xs" c="var(--text-2)">{t(row.is_accepted ? 'privacy.decisions.accepted' : 'privacy.decisions.refused')} <Link to="/leads/$leadId" params={{ leadId: row.lead_id }}>{row.lead_name}</Link></Text>
              <Text size="xs" c="var(--text-3)" truncate>{row.account_email} · {row.decided_by} · {fullDate(row.date)}</Text>
            </div>
            <Button size="xs" variant="default" loading={undo.isPending && undo.variables?.id === row.id} onClick={() => undo.mutate(row)}>{t('privacy.decisions.takeBack')}</Button>
          </li>
        ))}
      </ul>
      {hasNextPage && <Button m="sm" variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('links.more')}</Button>}
    </Panel>
  );
}
