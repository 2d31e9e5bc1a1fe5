import { useLayoutEffect } from 'react';
import { holdKeys, releaseKeys } from '#/shared/commands/heldKeys';

/**
 * The field inside a menu takes the focus when the menu opens: `<Menu trapFocus withInitialFocusPlaceholder={false}>`
 * gives it to what these attributes mark. What is typed before that lands in the field, not where one was writing;
 * `isEntered`: Enter came last. When the menu closes, the focus is where it was.
 */
export function useMenuField(isOpen: boolean, onHeld: (typed: string, isEntered: boolean) => void) {
  useLayoutEffect(() => {
    if (!isOpen) return;
    const before = document.activeElement;
    if (before instanceof HTMLElement) before.blur(); // keys are held only where nobody types
    holdKeys();
    return () => {
      releaseKeys();
      if (before instanceof HTMLElement) setTimeout(() => giveBack(before));
    };
  }, [isOpen]);
  const onFocus = () => {
    const typed = releaseKeys();
    if (typed) onHeld(typed.replaceAll('\n', ''), typed.endsWith('\n'));
  };
  return { 'data-autofocus': true, onFocus };
}

/** Unless something else has taken the focus meanwhile. */
function giveBack(before: HTMLElement): void {
  const now = document.activeElement;
  if (before.isConnected && (!now || now === document.body || now.closest('[role=menu]'))) before.focus({ preventScroll: true });
}
