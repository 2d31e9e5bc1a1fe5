/** Space reads on and Shift+Space back, wherever the focus is: in the list, or in the email itself. */
import { useRef } from 'react';
import { useCommands } from '#/shared/commands/registry';

const SHARE = 0.85; // of what is seen: the last lines stay in view

export function useReadOn() {
  const place = useRef<HTMLDivElement>(null);
  const scroll = (way: 1 | -1) => place.current?.scrollBy({ top: way * place.current.clientHeight * SHARE });
  useCommands({ threadDown: () => scroll(1), threadUp: () => scroll(-1) });
  return place;
}
