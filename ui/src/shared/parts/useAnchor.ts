import { useLayoutEffect, useRef, useState, type RefObject } from 'react';

/**
 * Keeps what is being looked at in its place when items come or go above it, and counts those that came unseen.
 */
export function useAnchor(scroller: RefObject<HTMLElement | null>, items: { id: string }[], rowHeight: number): { newAbove: number; onScroll: () => void } {
  const anchor = useRef<{ id: string; offset: number }>(undefined);
  const before = useRef(items);
  const [newAbove, setNewAbove] = useState(0);
  useLayoutEffect(() => {
    const known = before.current;
    before.current = items;
    const element = scroller.current;
    const index = anchor.current ? items.findIndex((item) => item.id === anchor.current!.id) : -1;
    if (!element || index < 0) return;
    element.scrollTo({ top: index * rowHeight + anchor.current!.offset });
    if (known === items) return;
    const old = new Set(known.map((item) => item.id));
    const came = items.slice(0, index).filter((item) => !old.has(item.id)).length;
    if (came) setNewAbove((sum) => sum + came);
  }, [scroller, items, rowHeight]);
  const onScroll = () => {
    const top = scroller.current?.scrollTop ?? 0;
    const first = items[Math.floor(top / rowHeight)];
    // At the very top there is nothing to keep: new mail is welcome there.
    anchor.current = top > 0 && first ? { id: first.id, offset: top % rowHeight } : undefined;
    if (top < rowHeight) setNewAbove(0);
  };
  return { newAbove, onScroll };
}
