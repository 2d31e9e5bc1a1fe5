import { Button, Skeleton } from '@mantine/core';
import { useIntersection } from '@mantine/hooks';
import { IconMail } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '#/shared/parts/EmptyState';
import { ErrorState } from '#/shared/parts/ErrorState';
import { timelineQuery } from '#/shared/requests/leadThreads';
import { HappeningLine } from './HappeningLine';
import { NoteEntry } from './NoteEntry';
import { ThreadEntry } from './ThreadEntry';
import classes from './leads.module.css';

type Props = { leadId: string; openThreadId: string | undefined; hasContact: boolean };

/** Everything that happened with a lead, newest first; older things come while scrolling. */
export function Timeline({ leadId, openThreadId, hasContact }: Props) {
  const { t } = useTranslation();
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(timelineQuery(leadId));
  const { ref, entry } = useIntersection({ rootMargin: '400px' });
  useEffect(() => { if (entry?.isIntersecting && hasNextPage && !isFetchingNextPage) void fetchNextPage(); }, [entry, hasNextPage, isFetchingNextPage, fetchNextPage]);
  const entries = data?.pages.flatMap((page) => page.data) ?? [];
  if (error && !entries.length) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (isPending) return [1, 2, 3].map((key) => <Skeleton key={key} h={76} mb={10} radius={12} />);
  const newestThread = entries.find((each) => each._type === 'EmailThread')?.id;
  const wanted = openThreadId ?? newestThread;
  const isQuiet = !hasNextPage && entries.every((each) => each._type === 'Created');
  return (
    <div className={classes.timeline}>
      {isQuiet && <EmptyState icon={IconMail} title={t('leads.noEmails')} hint={t(hasContact ? 'leads.noEmailsHint' : 'leads.noEmailsNoContact')} />}
      {entries.map((each) => {
        if (each._type === 'EmailThread') return <ThreadEntry key={`${each.id} ${each.id === openThreadId}`} thread={each} startsOpen={each.id === wanted} isWanted={each.id === openThreadId} />;
        if (each._type === 'Note' || each._type === 'Call') return <NoteEntry key={each.id} entry={each} />;
        return <HappeningLine key={each.id} entry={each} />;
      })}
      {hasNextPage && <div ref={ref}><Button variant="subtle" fullWidth loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('leads.older')}</Button></div>}
    </div>
  );
}
