/** The keys of the list and of the open conversation. */
import { useCommands } from '#/shared/commands/registry';
import { useListKeys } from '#/shared/commands/useListKeys';
import type { InboxTask, InboxView } from '#/shared/api/types';
import { askWhereTo, showNewestOriginal } from '#/shared/mail/askedDialogs';
import { answerThread, type Answer } from '#/shared/mail/startReply';

type Around = {
  items: InboxTask[]; at: number; current: InboxTask | undefined; view: InboxView; canAct: boolean; ticked: InboxTask[];
  open: (id: string | undefined) => void; reveal: (index: number) => void;
  done: (tasks: InboxTask[]) => void; unread: (tasks: InboxTask[]) => void; askSnooze: () => void;
  selection: { toggle: (id: string) => void; range: (id: string) => void; all: () => void; none: () => void };
};

export function useInboxCommands({ items, at, current, view, canAct, ticked, open, reveal, done, unread, askSnooze, selection }: Around): void {
  useListKeys({ items, at, open, reveal });
  const answer = (how: Answer) => () => { if (current?.object_id) void answerThread(current.object_id, how); };
  /** Chooses the row and the one beside it: held down, it draws a stripe. */
  const extend = (step: 1 | -1) => {
    const next = items[at < 0 ? 0 : at + step];
    if (current && !ticked.some((task) => task.id === current.id)) selection.toggle(current.id);
    if (!next) return;
    if (!ticked.some((task) => task.id === next.id)) selection.toggle(next.id);
    open(next.id);
    reveal(items.indexOf(next));
  };
  useCommands({
    threadBack: () => { if (ticked.length) selection.none(); else open(undefined); },
    threadReply: answer('reply'),
    threadReplyAll: answer('replyAll'),
    threadForward: answer('forward'),
    threadOriginal: () => { if (current?.object_id) void showNewestOriginal(current.object_id); },
    ...(canAct && current?.object_id && current.lead_id && { threadMove: () => askWhereTo(current.object_id!, current.lead_id!) }),
    ...(canAct && {
      listSelect: () => { if (current) selection.toggle(current.id); },
      listSelectRange: () => { if (current) selection.range(current.id); },
      listSelectNext: () => extend(1),
      listSelectPrevious: () => extend(-1),
      listSelectAll: selection.all,
      listSelectNone: selection.none,
      threadUnread: () => unread(ticked.length ? ticked : current ? [current] : []),
    }),
    // While rows are chosen these two belong to the bar above the list, which knows whether the whole view is meant.
    ...(canAct && view !== 'archive' && !ticked.length && {
      threadDone: () => done(current ? [current] : []),
      threadSnooze: askSnooze,
    }),
  });
}
