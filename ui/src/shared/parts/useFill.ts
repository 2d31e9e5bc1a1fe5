import { useEffect } from 'react';

const MOST = 10_000;
const PAUSE_MS = 120;

/** Reads the rest of a list while nothing else happens: whoever flings through it then meets rows, not their shadows. */
export function useFill(count: number, hasMore: boolean, isFetching: boolean, onMore: () => void): void {
  useEffect(() => {
    if (!hasMore || isFetching || !count || count >= MOST) return;
    let idle = 0;
    const timer = setTimeout(() => { if ('requestIdleCallback' in window) idle = requestIdleCallback(onMore, { timeout: 2000 }); else onMore(); }, PAUSE_MS);
    return () => { clearTimeout(timer); if (idle) cancelIdleCallback(idle); };
  }, [count, hasMore, isFetching, onMore]);
}
