import { useEffect, useState } from 'react';

/** When the calling part goes, and the focus with it, whatever had the focus before has it again. */
export function useFocusBack(): void {
  const [opener] = useState(() => document.activeElement);
  useEffect(() => () => {
    requestAnimationFrame(() => { if (document.activeElement === document.body && opener instanceof HTMLElement) opener.focus({ preventScroll: true }); });
  }, [opener]);
}
