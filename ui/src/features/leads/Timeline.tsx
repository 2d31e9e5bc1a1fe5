import { Button, Skeleton } from '@mantine/core';
import { useIntersection } from '@mantine/hooks';
import { IconMail } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '#/shared/parts/EmptyState';
import { ErrorState } from '#/shared/parts/ErrorState';
import { timelineQuery } from '#/shared/requests/leadThreads';
import { ThreadEntry } from './ThreadEntry';
import classes from './leads.module.css';

type Props = { leadId: string; openThreadId: string | undefined; hasContact: boolean };

/** A lead's conversations, newest first; older ones come while scrolling. */
export function Timeline({ leadId, openThreadId, hasContact }: Props) {
  const { t } = useTranslation();
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(timelineQuery(leadId));
  const { ref, entry } = useIntersection({ rootMargin: '400px' });
  useEffect(() => { if (entry?.isIntersecting && hasNextPage && !isFetchingNextPage) void fetchNextPage(); }, [entry, hasNextPage, isFetchingNextPage, fetchNextPage]);
  const threads = data?.pages.flatMap((page) => page.data) ?? [];
  if (error && !threads.length) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (isPending) return [1, 2, 3].map((key) => <Skeleton key={key} h={76} mb={10} radius={12} />);
  if (!threads.length) return <EmptyState icon={IconMail} title={t('leads.noEmails')} hint={t(hasContact ? 'leads.noEmailsHint' : 'leads.noEmailsNoContact')} />;
  return (
    <div className={classes.timeline}>
      {threads.map((thread, index) => <ThreadEntry key={`${thread.id} ${thread.id === openThreadId}`} thread={thread} startsOpen={openThreadId ? thread.id === openThreadId : index === 0} isWanted={thread.id === openThreadId} />)}
      {hasNextPage && <div ref={ref}><Button variant="subtle" fullWidth loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('leads.older')}</Button></div>}
    </div>
  );
}
