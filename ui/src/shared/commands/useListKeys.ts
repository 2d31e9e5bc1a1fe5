import { useCommands } from './registry';

type Listed = { items: { id: string }[]; at: number; open: (id: string | undefined) => void; reveal: (index: number) => void };

/** The keys that walk through any list beside what is open of it. */
export function useListKeys({ items, at, open, reveal }: Listed): void {
  const goTo = (index: number) => {
    const place = Math.max(0, Math.min(items.length - 1, index));
    const next = items[place];
    if (next) { open(next.id); reveal(place); }
  };
  useCommands({
    listNext: () => goTo(at < 0 ? 0 : at + 1),
    listPrevious: () => goTo(at < 0 ? 0 : at - 1),
    listOpen: () => goTo(Math.max(at, 0)),
    listFirst: () => goTo(0),
    listLast: () => goTo(items.length - 1),
  });
}
