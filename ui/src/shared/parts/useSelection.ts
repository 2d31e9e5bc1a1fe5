import { useState } from 'react';

/** The ticked rows, by id, with the range from the last ticked one. */
export function useSelection(ids: string[]) {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [anchor, setAnchor] = useState<string>();
  return {
    selected,
    toggle: (id: string) => {
      setAnchor(id);
      setSelected((old) => { const next = new Set(old); if (!next.delete(id)) next.add(id); return next; });
    },
    range: (id: string) => {
      const from = ids.indexOf(anchor ?? id);
      const to = ids.indexOf(id);
      setSelected((old) => new Set([...old, ...ids.slice(Math.min(from, to), Math.max(from, to) + 1)]));
    },
    all: () => setSelected(new Set(ids)),
    none: () => setSelected(new Set()),
  };
}
