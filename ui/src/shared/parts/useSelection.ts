import { useEffect, useMemo, useRef, useState } from 'react';

type State = { selected: ReadonlySet<string>; anchor: string | undefined };

/** The ticked rows, by id, with the range from the last ticked one. What changes them stays the same from render to render. */
export function useSelection(ids: string[]) {
  const [{ selected }, setState] = useState<State>({ selected: new Set(), anchor: undefined });
  const shown = useRef(ids);
  useEffect(() => { shown.current = ids; });
  const change = useMemo(() => ({
    toggle: (id: string) => setState((old) => {
      const next = new Set(old.selected);
      if (!next.delete(id)) next.add(id);
      return { selected: next, anchor: id };
    }),
    range: (id: string) => setState((old) => {
      const from = shown.current.indexOf(old.anchor ?? id);
      const to = shown.current.indexOf(id);
      return { ...old, selected: new Set([...old.selected, ...shown.current.slice(Math.min(from, to), Math.max(from, to) + 1)]) };
    }),
    all: () => setState((old) => ({ ...old, selected: new Set(shown.current) })),
    none: () => setState((old) => (old.selected.size ? { ...old, selected: new Set() } : old)),
  }), []);
  return { selected, ...change };
}
