/**
 * Where an email to somebody is written: at the foot of the conversation or the lead that is on view, which stays
 * readable above it. A place offers itself while it is on the page; the window for writing takes it, or stands in the corner.
 */
import { useEffect, useState } from 'react';
import { create } from 'zustand';
import { useComposing } from './composing';

type Side = { left: number; width: number };
type Offer = {
  side: Side | null;
  /** What the window covers of the place, in pixels: so much lower the place must end. */
  taken: number;
};
export const useWritingPlace = create<Offer>(() => ({ side: null, taken: 0 }));

/** Below this the window would be too narrow for its tools. */
const NARROWEST = 380;

export const takeWritingPlace = (taken: number) => useWritingPlace.setState({ taken });

/** Offers an element as such a place; gives what takes the element, and the space to leave free at its foot. */
export function useOfferedPlace(): { offer: (element: HTMLElement | null) => void; taken: number } {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const taken = useWritingPlace((state) => state.taken);
  useEffect(() => {
    if (!element) return;
    const measure = () => {
      const { left, width } = element.getBoundingClientRect();
      useWritingPlace.setState({ side: width >= NARROWEST ? { left, width } : null });
    };
    const watcher = new ResizeObserver(measure);
    watcher.observe(element);
    addEventListener('resize', measure);
    return () => {
      watcher.disconnect();
      removeEventListener('resize', measure);
      useWritingPlace.setState({ side: null });
    };
  }, [element]);
  useEffect(() => {
    const { inReplyToId, quoted } = useComposing.getState().writing;
    const answered = inReplyToId ?? quoted?.emailId;
    const card = element && taken && answered ? element.querySelector(`[data-email="${CSS.escape(answered)}"]`) : null;
    if (card && card.getBoundingClientRect().bottom > innerHeight - taken) card.scrollIntoView({ block: 'start' }); // it is read while it is answered
  }, [element, taken]);
  return { offer: setElement, taken };
}
