/** The keys of the list and of the open conversation. */
import { useCommands } from '#/shared/commands/registry';
import type { InboxTask, InboxView } from '#/shared/api/types';
import { startReply, type Answer } from '#/shared/mail/startReply';

type Around = {
  items: InboxTask[]; at: number; current: InboxTask | undefined; view: InboxView; canAct: boolean; ticked: InboxTask[];
  open: (id: string | undefined) => void; reveal: (index: number) => void;
  done: (tasks: InboxTask[]) => void; unread: () => void; askSnooze: () => void;
  selection: { toggle: (id: string) => void; range: (id: string) => void; all: () => void; none: () => void };
};

export function useInboxCommands({ items, at, current, view, canAct, ticked, open, reveal, done, unread, askSnooze, selection }: Around): void {
  const goTo = (index: number) => {
    const next = items[Math.max(0, Math.min(items.length - 1, index))];
    if (next) { open(next.id); reveal(items.indexOf(next)); }
  };
  const answer = (how: Answer) => () => { const latest = current?.emails.at(-1); if (latest) void startReply(latest, how); };
  useCommands({
    listNext: () => goTo(at < 0 ? 0 : at + 1),
    listPrevious: () => goTo(at < 0 ? 0 : at - 1),
    listOpen: () => goTo(Math.max(at, 0)),
    listFirst: () => goTo(0),
    listLast: () => goTo(items.length - 1),
    threadBack: () => { if (ticked.length) selection.none(); else open(undefined); },
    threadReply: answer('reply'),
    threadReplyAll: answer('replyAll'),
    threadForward: answer('forward'),
    ...(canAct && {
      listSelect: () => { if (current) selection.toggle(current.id); },
      listSelectRange: () => { if (current) selection.range(current.id); },
      listSelectAll: selection.all,
      listSelectNone: selection.none,
      threadUnread: unread,
    }),
    ...(canAct && view !== 'archive' && {
      threadDone: () => done(ticked.length ? ticked : current ? [current] : []),
      threadSnooze: askSnooze,
    }),
  });
}
