import { Button, SegmentedControl, Skeleton } from '@mantine/core';
import { useIntersection } from '@mantine/hooks';
import { IconFilter, IconMail } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '#/shared/parts/EmptyState';
import { ErrorState } from '#/shared/parts/ErrorState';
import { timelineQuery } from '#/shared/requests/leadThreads';
import { ActivityEntry } from './ActivityEntry';
import { commentedQuery } from './comments';
import { HappeningLine } from './HappeningLine';
import { NoteEntry } from './NoteEntry';
import { ThreadEntry } from './ThreadEntry';
import { kindsOf, TIMELINE_FILTERS, type TimelineFilter } from './timelineKinds';
import classes from './leads.module.css';

type Props = { leadId: string; openThreadId: string | undefined; openEntryId: string | undefined; hasContact: boolean };
const MOST_READ_FOR_LINK = 40; // pages; a link to something older opens the timeline where that ends

/** Everything that happened with a lead, newest first; older things come while scrolling. */
export function Timeline({ leadId, openThreadId, openEntryId, hasContact }: Props) {
  const { t } = useTranslation();
  const [filter, setFilter] = useState<TimelineFilter>('all');
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(timelineQuery(leadId, kindsOf(filter)));
  const { ref, entry } = useIntersection({ rootMargin: '400px' });
  const entries = data?.pages.flatMap((page) => page.data) ?? [];
  const linked = openThreadId ?? openEntryId;
  const isLinkMissing = filter === 'all' && linked !== undefined && !entries.some((each) => each.id === linked) && (data?.pages.length ?? 0) < MOST_READ_FOR_LINK;
  useEffect(() => { if ((entry?.isIntersecting || isLinkMissing) && hasNextPage && !isFetchingNextPage) void fetchNextPage(); }, [entry, isLinkMissing, hasNextPage, isFetchingNextPage, fetchNextPage]);
  const newestThread = entries.find((each) => each._type === 'EmailThread')?.id;
  const wanted = linked ?? newestThread;
  const isQuiet = filter === 'all' && !hasNextPage && entries.every((each) => each._type === 'Created');
  const commentable = entries.filter((each) => each._type === 'Note' || each._type === 'Call' || each._type === 'CustomActivity').map((each) => each.id);
  const { data: comments = {} } = useQuery({ ...commentedQuery(leadId, commentable), placeholderData: (old) => old });
  if (error && !entries.length) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <div className={classes.timeline}>
      {!isQuiet && <SegmentedControl className={classes.filter} size="xs" aria-label={t('leads.filter')} data={TIMELINE_FILTERS.map((value) => ({ value, label: t(`leads.filters.${value}`) }))} value={filter} onChange={(value) => setFilter(value as TimelineFilter)} />}
      {isPending && [1, 2, 3].map((key) => <Skeleton key={key} h={76} radius={12} />)}
      {isQuiet && !isPending && <EmptyState icon={IconMail} title={t('leads.noEmails')} hint={t(hasContact ? 'leads.noEmailsHint' : 'leads.noEmailsNoContact')} />}
      {filter !== 'all' && !isPending && !entries.length && <EmptyState icon={IconFilter} title={t('leads.noneOfKind')} action={{ label: t('leads.showAll'), run: () => setFilter('all') }} />}
      {entries.map((each) => {
        if (each._type === 'EmailThread') return <ThreadEntry key={`${each.id} ${each.id === openThreadId}`} thread={each} startsOpen={each.id === wanted} isWanted={each.id === openThreadId} />;
        if (each._type === 'Note' || each._type === 'Call') return <NoteEntry key={each.id} entry={each} comments={comments[each.id] ?? 0} isWanted={each.id === openEntryId} />;
        if (each._type === 'CustomActivity') return <ActivityEntry key={each.id} entry={each} comments={comments[each.id] ?? 0} isWanted={each.id === openEntryId} />;
        return <HappeningLine key={each.id} entry={each} isWanted={each.id === openEntryId} />;
      })}
      {hasNextPage && <div ref={ref}><Button variant="subtle" fullWidth loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('leads.older')}</Button></div>}
    </div>
  );
}
