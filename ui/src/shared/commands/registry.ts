/** Which commands can run right now: filled by the parts on the screen, read by the dispatcher and the palette. */
import { useEffect, useLayoutEffect, useRef } from 'react';
import { create } from 'zustand';
import type { CommandId } from './keymap';

type Run = () => void;
type Runners = Partial<Record<CommandId, Run>>;

const runners = new Map<CommandId, Run[]>();
export const useLiveCommands = create<{ live: ReadonlySet<CommandId> }>(() => ({ live: new Set() }));
const publish = () => useLiveCommands.setState({ live: new Set(runners.keys()) });

export function runCommand(id: CommandId): boolean {
  const run = runners.get(id)?.at(-1);
  run?.();
  return run !== undefined;
}

/** Offers commands while the calling component is mounted; the newest mount wins. */
export const useCommands = (commands: Runners) => useRunners(commands, (others, run) => [...others, run]);

/** For the frame around a page: what the page itself offers wins, whichever was there first. */
export const useFallbackCommands = (commands: Runners) => useRunners(commands, (others, run) => [run, ...others]);

function useRunners(commands: Runners, placed: (others: Run[], run: Run) => Run[]): void {
  const place = useRef(placed);
  const latest = useRef(commands);
  // With the drawing, not after it: a key pressed on what is seen must mean what is seen.
  useLayoutEffect(() => { latest.current = commands; });
  const ids = Object.keys(commands).join();
  useLayoutEffect(() => {
    const mine = (ids ? ids.split(',') : []).map((id) => [id as CommandId, () => latest.current[id as CommandId]?.()] as const);
    for (const [id, run] of mine) runners.set(id, place.current(runners.get(id) ?? [], run));
    return () => {
      for (const [id, run] of mine) {
        const rest = (runners.get(id) ?? []).filter((other) => other !== run);
        if (rest.length) runners.set(id, rest); else runners.delete(id);
      }
    };
  }, [ids]);
  useEffect(() => { publish(); return publish; }, [ids]); // the palette need not be drawn anew before the page is seen
}
