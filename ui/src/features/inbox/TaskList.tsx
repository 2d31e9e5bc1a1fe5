import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useImperativeHandle, useRef, type Ref } from 'react';
import type { InboxTask } from '#/shared/api/types';
import { TaskRow } from './TaskRow';
import { useAnchor } from './useAnchor';
import classes from './inbox.module.css';

export type TaskListHandle = { reveal: (index: number) => void };
const ROW = 76; // pixels; a fixed height keeps flung lists free of blanks

type Props = {
  items: InboxTask[]; isPending: boolean; hasMore: boolean; onMore: () => void; openId: string | undefined; ticked: ReadonlySet<string>; canTick: boolean; showsOwner: boolean;
  onOpen: (id: string) => void; onTick: (id: string) => void; label: string; ref: Ref<TaskListHandle>;
};

export function TaskList({ items, isPending, hasMore, onMore, openId, ticked, canTick, showsOwner, onOpen, onTick, label, ref }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const total = isPending ? 12 : items.length + (hasMore ? 8 : 0); // skeleton rows of the final height while more is coming
  const virtual = useVirtualizer({ count: total, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 8 });
  const keepAnchor = useAnchor(scroller, items, ROW);
  const rows = virtual.getVirtualItems();
  const lastShown = rows.at(-1)?.index ?? 0;
  useEffect(() => { if (hasMore && lastShown >= items.length - 20) onMore(); }, [hasMore, lastShown, items.length, onMore]);

  useImperativeHandle(ref, () => ({
    reveal: (index) => {
      const element = scroller.current;
      // In view already: scrollToIndex would still force a layout of the page with every key press.
      if (element && index * ROW >= element.scrollTop && (index + 1) * ROW <= element.scrollTop + element.clientHeight) return;
      virtual.scrollToIndex(index, { align: 'auto' });
    },
  }));

  return (
    <div ref={scroller} onScroll={keepAnchor} className={classes.scroller} role="listbox" tabIndex={0} aria-label={label} aria-busy={isPending} aria-activedescendant={openId ? `row-${openId}` : undefined}>
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {rows.map((row) => {
          const task = items[row.index];
          return (
            <div key={task?.id ?? row.key} className={classes.slot} style={{ transform: `translateY(${row.start}px)`, height: ROW }} role="presentation">
              {task
                ? <TaskRow task={task} isOpen={task.id === openId} isTicked={ticked.has(task.id)} canTick={canTick} showsOwner={showsOwner} onOpen={onOpen} onTick={onTick} index={row.index} total={items.length} />
                : <div className={classes.skeleton} aria-hidden />}
            </div>
          );
        })}
      </div>
    </div>
  );
}
