import type { Ref } from 'react';
import type { InboxTask } from '#/shared/api/types';
import { LongList, type LongListHandle } from '#/shared/parts/LongList';
import { TaskRow } from './TaskRow';

type Props = {
  items: InboxTask[]; isPending: boolean; hasMore: boolean; onMore: () => void; openId: string | undefined; ticked: ReadonlySet<string>; canTick: boolean; showsOwner: boolean;
  onOpen: (id: string) => void; onTick: (id: string) => void; onTickTo: (id: string) => void; label: string; ref: Ref<LongListHandle>;
};

export function TaskList({ items, openId, ticked, canTick, showsOwner, onOpen, onTick, onTickTo, ...list }: Props) {
  return (
    <LongList items={items} openId={openId} {...list} row={(task, index) => (
      <TaskRow task={task} isOpen={task.id === openId} isTicked={ticked.has(task.id)} canTick={canTick} showsOwner={showsOwner} onOpen={onOpen} onTick={onTick} onTickTo={onTickTo} index={index} total={items.length} />
    )} />
  );
}
