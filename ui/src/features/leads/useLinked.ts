import { useEffect, useRef } from 'react';

/** Brings what the address names into view, once. */
export function useLinked<T extends HTMLElement>(isWanted: boolean) {
  const place = useRef<T>(null);
  useEffect(() => { if (isWanted) place.current?.scrollIntoView({ block: 'center' }); }, [isWanted]);
  return place;
}
