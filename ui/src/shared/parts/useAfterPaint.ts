import { startTransition, useEffect, useRef, useState } from 'react';

const HURRY_MS = 120;

/**
 * Follows a value after the frame that shows its change; while changes hurry, as with a key held down, only once they
 * rest. So a row is marked at once, and what it opens is drawn next, and only where somebody stops.
 */
export function useAfterPaint<T>(value: T): T {
  const [shown, setShown] = useState(value);
  const changedAt = useRef(-Infinity);
  useEffect(() => {
    const now = performance.now();
    const isHurrying = now - changedAt.current < HURRY_MS;
    changedAt.current = now;
    let timer: ReturnType<typeof setTimeout>;
    const frame = requestAnimationFrame(() => { timer = setTimeout(() => startTransition(() => setShown(value)), isHurrying ? HURRY_MS : 0); });
    return () => { cancelAnimationFrame(frame); clearTimeout(timer); };
  }, [value]);
  return shown;
}
