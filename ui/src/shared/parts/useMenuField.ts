import { useEffect, useRef } from 'react';
import { holdKeys, releaseKeys } from '#/shared/commands/heldKeys';

/**
 * The field inside a menu takes the focus when the menu opens; Mantine would give it to the menu. What is typed before
 * it has it lands in it.
 */
export function useMenuField(isOpen: boolean, onHeld: (typed: string) => void) {
  const field = useRef<HTMLInputElement>(null);
  const held = useRef(onHeld);
  useEffect(() => { held.current = onHeld; });
  useEffect(() => {
    if (!isOpen) return;
    holdKeys();
    const timer = setTimeout(() => {
      field.current?.focus();
      const typed = releaseKeys().replaceAll('\n', '');
      if (typed) held.current(typed);
    }, 40);
    return () => clearTimeout(timer);
  }, [isOpen]);
  return field;
}
