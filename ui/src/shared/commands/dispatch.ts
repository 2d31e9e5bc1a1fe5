/** From a key press to a command: sequences, no single keys while typing, and every layout's own `?` and `#`. */
import { usePreferences } from '#/shared/preferences';
import { keyTable, type KeyTable } from './bindings';
import { keepKey } from './heldKeys';
import type { CommandId } from './keymap';
import { runCommand } from './registry';

let table: KeyTable = keyTable(usePreferences.getState().shortcuts);
usePreferences.subscribe((now, before) => { if (now.shortcuts !== before.shortcuts) table = keyTable(now.shortcuts); });
const PREFIX_MS = 1000;
const EDITABLE = 'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true], [contenteditable=""]';

type Press = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** Layout-proof name of a key press: signs count as typed, whether or not the layout needs Shift for them. */
export function keyName(press: Press): string {
  const isLetter = /^[a-z]$/i.test(press.key);
  const key = press.key === ' ' ? 'Space' : isLetter ? press.key.toLowerCase() : press.key;
  const shift = press.shiftKey && (isLetter || key.length > 1) ? 'shift+' : '';
  const mod = press.ctrlKey || press.metaKey ? 'mod+' : '';
  return `${mod}${press.altKey ? 'alt+' : ''}${shift}${key}`;
}

let prefix = { name: '', at: 0 };

/**
 * On the way in, before anything else hears of it: a menu that opens takes a key pressed outside of it for a wish to
 * close it.
 */
export function onKeyGoingIn(event: KeyboardEvent): void {
  const target = event.target as Element | null;
  if (event.isComposing || target?.closest?.(EDITABLE) || !keepKey(event)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

export function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.getModifierState?.('AltGraph')) return;
  const name = keyName(event);
  const target = event.target as Element | null;
  const isTyping = !!target?.closest?.(EDITABLE);
  if (!isTyping && keepKey(event)) { event.preventDefault(); return; }
  const isInLayer = !!target?.closest?.('[role=dialog], [role=menu], [role=listbox][data-layer]');
  if ((isTyping || isInLayer) && !name.startsWith('mod+')) return;
  const id = takeSequence(name, pressedAt(event));
  // Enter and Space must keep working on a focused button or link.
  if (/^(Enter|(shift\+)?Space)$/.test(name) && target?.closest?.('a, button, summary, input')) return;
  if (id && runCommand(id)) event.preventDefault();
}

/** Not when it is heard of, which a busy page does late. The frame of an email counts from a moment of its own. */
const pressedAt = (event: KeyboardEvent) => (event.view?.performance.timeOrigin ?? 0) + event.timeStamp;

function takeSequence(name: string, at: number): CommandId | undefined {
  const whole = prefix.name && at - prefix.at <= PREFIX_MS ? `${prefix.name} ${name}` : name;
  prefix = { name: '', at: 0 };
  const found = table.byKey.get(whole);
  if (found) return found;
  if (table.prefixes.has(name)) {
    prefix = { name, at };
    return undefined;
  }
  return table.byKey.get(name);
}
