import { useLayoutEffect } from 'react';
import { holdKeys, releaseKeys } from '#/shared/commands/heldKeys';

/**
 * The field inside a menu takes the focus when the menu opens: `<Menu trapFocus withInitialFocusPlaceholder={false}>`
 * gives it to what these attributes mark. What is typed before that lands in the field; `isEntered`: Enter came last.
 */
export function useMenuField(isOpen: boolean, onHeld: (typed: string, isEntered: boolean) => void) {
  useLayoutEffect(() => {
    if (!isOpen) return;
    holdKeys();
    return () => { releaseKeys(); };
  }, [isOpen]);
  const onFocus = () => {
    const typed = releaseKeys();
    if (typed) onHeld(typed.replaceAll('\n', ''), typed.endsWith('\n'));
  };
  return { 'data-autofocus': true, onFocus };
}
