/**
 * What the first rows do not need waits for them: fetched earlier, it would share the line and the processor with them.
 */
const LONGEST_MS = 2500; // a page may have no rows
let stand: () => void;
const standing = new Promise<void>((resolve) => { stand = resolve; });

export const firstRowsStand = () => stand();

/** Runs once when the first rows are there and the browser has a moment. Answers how to give it up. */
export function afterFirstRows(run: () => void): () => void {
  let isWanted = true;
  const timer = setTimeout(firstRowsStand, LONGEST_MS);
  const once = () => { if (isWanted) run(); };
  void standing.then(() => { if ('requestIdleCallback' in window) requestIdleCallback(once, { timeout: LONGEST_MS }); else setTimeout(once, 200); });
  return () => { isWanted = false; clearTimeout(timer); };
}
