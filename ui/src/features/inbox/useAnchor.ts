import { useLayoutEffect, useRef, type RefObject } from 'react';

/** Keeps what is being looked at in its place when items come or go above it. Returns what to do on scroll. */
export function useAnchor(scroller: RefObject<HTMLElement | null>, items: { id: string }[], rowHeight: number): () => void {
  const anchor = useRef<{ id: string; offset: number }>(undefined);
  useLayoutEffect(() => {
    const element = scroller.current;
    const index = anchor.current ? items.findIndex((item) => item.id === anchor.current!.id) : -1;
    if (element && index >= 0) element.scrollTo({ top: index * rowHeight + anchor.current!.offset });
  }, [scroller, items, rowHeight]);
  return () => {
    const top = scroller.current?.scrollTop ?? 0;
    const first = items[Math.floor(top / rowHeight)];
    // At the very top there is nothing to keep: new mail is welcome there.
    anchor.current = top > 0 && first ? { id: first.id, offset: top % rowHeight } : undefined;
  };
}
