import { Button, Skeleton } from '@mantine/core';
import { IconLink } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Proposal } from '#/shared/api/types';
import { EmptyState } from '#/shared/parts/EmptyState';
import { ErrorState } from '#/shared/parts/ErrorState';
import { notifyDone, notifyError } from '#/shared/parts/notify';
import { Panel, ScrollPage } from '#/shared/parts/Page';
import { count } from '#/shared/time/format';
import { Decisions } from './Decisions';
import { ProposalRow, type Say } from './ProposalRow';
import { decide, isSettled, proposalsQuery } from './proposals';
import classes from './proposals.module.css';

/** What may concern a lead: accepted or refused one by one, or by sender. */
export function ProposalsPage() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(proposalsQuery);
  const rows = data?.pages.flatMap((page) => page.data) ?? [];
  const save = useMutation({
    mutationFn: ({ proposal, accept, bySender }: Choice) => decide({ ids: [proposal.id], accept, by_sender: bySender }),
    onMutate: ({ proposal, bySender }) => {
      queries.setQueryData(proposalsQuery.queryKey, (old) => old && { ...old, pages: old.pages.map((page) => ({ ...page, data: page.data.filter((each) => !isSettled(each, proposal, bySender)) })) });
    },
    onSuccess: ({ settled }, { accept }) => notifyDone(t(accept ? 'links.accepted' : 'links.refused', { count: settled })),
    onError: (problem) => notifyError(problem),
    onSettled: () => { void queries.invalidateQueries({ queryKey: ['proposals'] }); },
  });
  const say = (proposal: Proposal): Say => (accept, bySender) => save.mutate({ proposal, accept, bySender });
  const total = data?.pages[0]?.total_results ?? 0;
  return (
    <ScrollPage title={t('links.proposals')} hint={t('links.proposalsHint')} after={total > 0 && <span className={classes.number}>{count(total)}</span>}>
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton h={200} radius={12} />}
      {data && rows.length === 0 && <Panel><EmptyState icon={IconLink} title={t('links.none')} hint={t('links.noneHint')} /></Panel>}
      {rows.length > 0 && <Panel flush><ul className={classes.rows}>{rows.map((proposal) => <ProposalRow key={proposal.id} proposal={proposal} say={say(proposal)} />)}</ul></Panel>}
      {hasNextPage && <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('links.more')}</Button>}
      <Decisions />
    </ScrollPage>
  );
}

type Choice = { proposal: Proposal; accept: boolean; bySender: boolean };
