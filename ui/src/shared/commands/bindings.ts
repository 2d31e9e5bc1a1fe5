/** Which keys run which command: the table's, and what the person has changed of it. */
import { useMemo } from 'react';
import { usePreferences } from '#/shared/preferences';
import { KEYMAP, type CommandId } from './keymap';

export type Shortcuts = Readonly<Record<string, string>>;

/** The keys of a command, the one to be shown first. What a person has chosen takes the place of all of the table's. */
export function keysOf(id: CommandId, changed: Shortcuts): readonly string[] {
  const chosen = changed[id];
  if (chosen !== undefined) return chosen ? [chosen] : [];
  return KEYMAP.find((row) => row.id === id)?.keys ?? [];
}

export type KeyTable = { byKey: ReadonlyMap<string, CommandId>; prefixes: ReadonlySet<string> };

/** By key. A key that a person has given away runs only its new command. */
export function keyTable(changed: Shortcuts): KeyTable {
  const byKey = new Map<string, CommandId>();
  for (const row of KEYMAP) if (changed[row.id] === undefined) for (const keys of row.keys) byKey.set(keys, row.id);
  for (const row of KEYMAP) for (const keys of changed[row.id] === undefined ? [] : keysOf(row.id, changed)) byKey.set(keys, row.id);
  return { byKey, prefixes: new Set([...byKey.keys()].filter((key) => key.includes(' ')).map((key) => key.split(' ')[0]!)) };
}

/** Which other command has these keys, or would never be reached beside them: "g" hides "g i", and the other way round. */
export function conflictOf(id: CommandId, keys: string, changed: Shortcuts): CommandId | null {
  for (const row of KEYMAP) {
    if (row.id === id) continue;
    for (const other of keysOf(row.id, changed)) {
      if (other === keys || other.startsWith(`${keys} `) || keys.startsWith(`${other} `)) return row.id;
    }
  }
  return null;
}

export function useKeys(id: CommandId): readonly string[] {
  const changed = usePreferences((state) => state.shortcuts);
  return useMemo(() => keysOf(id, changed), [id, changed]);
}
