/** Mail that may concern a lead, until its owner has decided. */
import { infiniteQueryOptions } from '@tanstack/react-query';
import { del, get, post } from '#/shared/api/client';
import type { Proposal, SenderDecision } from '#/shared/api/types';

const AT_ONCE = 50;

export const proposalsQuery = infiniteQueryOptions({
  queryKey: ['proposals', 'list'],
  queryFn: ({ signal, pageParam }) => get('/link_proposal/', { query: { _limit: AT_ONCE, _skip: pageParam }, signal }),
  initialPageParam: 0,
  getNextPageParam: (last, pages) => (last.has_more ? pages.length * AT_ONCE : undefined),
});

export type Decision = { ids: string[]; accept: boolean; by_sender: boolean };
export const decide = (decision: Decision) => post('/link_proposal/decide/', { body: decision });

/** What a decision takes off the list at once: the email itself, or all of its sender for that lead. */
export const isSettled = (proposal: Proposal, chosen: Proposal, bySender: boolean) =>
  proposal.id === chosen.id || (bySender && proposal.sender === chosen.sender && proposal.lead_id === chosen.lead_id && proposal.account_id === chosen.account_id);

export const decisionsQuery = infiniteQueryOptions({
  queryKey: ['proposals', 'decisions'],
  queryFn: ({ signal, pageParam }) => get('/link_decision/', { query: { _limit: AT_ONCE, _skip: pageParam }, signal }),
  initialPageParam: 0,
  getNextPageParam: (last, pages) => (last.has_more ? pages.length * AT_ONCE : undefined),
});
export const takeBack = (decision: SenderDecision) => del('/link_decision/{decision_id}/', { at: { decision_id: decision.id } });
