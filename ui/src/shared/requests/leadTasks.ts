/** Tasks of leads: what somebody wrote down, and emails that nobody answered. */
import { infiniteQueryOptions, type QueryClient } from '@tanstack/react-query';
import { del, get, post, put } from '#/shared/api/client';
import type { Lead, Page, TaskCard } from '#/shared/api/types';
import { nextSkip, pageSize } from './pagedLists';

export type LeadTask = Lead['tasks'][number];
/** `is_dateless` takes its date away. */
export type TaskWrite = { text: string; date?: string; is_dateless?: boolean; assigned_to: string };
export type TaskChange = Partial<TaskWrite> & { is_complete?: boolean };

export const addTask = (leadId: string, written: TaskWrite) => post('/task/', { body: { lead_id: leadId, ...written } });
export const changeTask = (id: string, change: TaskChange) => put('/task/{task_id}/', { at: { task_id: id }, body: change });
export const deleteTask = (id: string) => del('/task/{task_id}/', { at: { task_id: id } });

/** What is to do, the most urgent first; or what is done, the last first. `who` is a user's id, or "all". */
export const tasksQuery = (isDone: boolean, who: string) => infiniteQueryOptions({
  queryKey: ['tasks', isDone, who] as const,
  initialPageParam: 0,
  queryFn: ({ pageParam, signal }) => get('/task/', { query: {
    _type__in: 'lead,outgoing_call,email_followup', is_complete: isDone, _order_by: isDone ? '-date' : 'date', _skip: pageParam, _limit: pageSize(pageParam),
    ...(who === 'all' ? {} : { assigned_to: who }),
  }, signal }) as Promise<Page<TaskCard>>,
  getNextPageParam: nextSkip,
});

/** Wherever the tasks of this lead are shown or counted. */
export const refreshTasks = (queries: QueryClient, leadId: string) => Promise.all(
  [['lead', leadId], ['timeline', leadId], ['tasks'], ['inboxCount']].map((queryKey) => queries.invalidateQueries({ queryKey })),
);
