/** Done, snoozed, back: the row moves at once, and returns if the server says no. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { put } from '#/shared/api/client';
import type { InboxTask, InboxView } from '#/shared/api/types';
import { notifyError } from '#/shared/parts/notify';
import { beginMove, endMove, placeTask } from '#/shared/requests/inboxLists';

export type Move = { task: InboxTask; to: InboxView; date?: string };

const bodyOf = ({ to, date }: Move) => ({ is_complete: to === 'archive', ...(date === undefined ? {} : { date }) });
const moved = ({ task, to, date }: Move): InboxTask => ({ ...task, view: to, is_complete: to === 'archive', date: date === undefined ? task.date : date });

export function useMoveTask() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (move: Move) => put('/task/{task_id}/', { at: { task_id: move.task.id }, body: bodyOf(move) }),
    scope: { id: 'moveTask' }, // in order: a quick undo must not overtake its own Done
    onMutate: async (move) => {
      beginMove(move.task.id);
      // A page that is still loading would write the old list back over this change.
      await queries.cancelQueries({ queryKey: ['inbox'] });
      placeTask(queries, moved(move));
    },
    onError: (error, move) => {
      placeTask(queries, move.task);
      notifyError(error);
    },
    onSettled: (_answer, _error, move) => {
      endMove(move.task.id);
      void queries.invalidateQueries({ queryKey: ['inboxCount'] });
    },
  });
}
