/** The open item and its place in the list: from the list itself, or from the server when it is not there. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { InboxTask } from '#/shared/api/types';
import { useAfterPaint } from '#/shared/parts/useAfterPaint';
import { taskQuery } from '#/shared/requests/task';
import { threadQuery } from '#/shared/requests/thread';

const READ_AHEAD_AFTER_MS = 80;

export function useOpenTask(items: InboxTask[], openId: string | undefined, isListPending: boolean) {
  const queries = useQueryClient();
  const at = useMemo(() => items.findIndex((task) => task.id === openId), [items, openId]);
  const isElsewhere = !!openId && at < 0 && !isListPending;
  const { data: elsewhere, isPending } = useQuery({ ...taskQuery(openId ?? ''), enabled: isElsewhere });
  const task = items[at] ?? (isElsewhere ? elsewhere ?? undefined : undefined);

  // The neighbours are read ahead: the next j or k then paints without a request.
  useEffect(() => {
    const timer = setTimeout(() => {
      for (const near of at < 0 ? [] : [items[at + 1], items[at - 1]]) if (near?.object_id) void queries.prefetchQuery(threadQuery(near.object_id));
    }, READ_AHEAD_AFTER_MS);
    return () => clearTimeout(timer);
  }, [at, items, queries]);

  /** `shown` follows `task` a moment later: the selection paints before the conversation does. */
  return { at, task, shown: useAfterPaint(task), isGone: isElsewhere && !isPending && !elsewhere };
}
