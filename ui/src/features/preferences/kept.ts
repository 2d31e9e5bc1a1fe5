/** Between what the server keeps and what the page reads. */
import { queryOptions } from '@tanstack/react-query';
import { get, put } from '#/shared/api/client';
import type { Preferences } from '#/shared/api/types';
import { AS_IT_COMES, type Chosen } from '#/shared/preferences';
import { deviceZone } from '#/shared/time/zone';

export const preferencesQuery = queryOptions({ queryKey: ['preferences'], queryFn: ({ signal }) => get('/preferences/', { signal }), staleTime: 60_000 });

type Look = { language: string; theme: string };
export type Kept = Pick<Preferences, 'undo_seconds' | 'after_done' | 'image_senders' | 'shortcuts' | 'density' | 'signature' | 'dark_mail' | 'zone_by'> & { language: string | null; theme: string | null; time_zone: string };

/** What the page has, as the server writes it. */
export const toKept = (chosen: Chosen, look: Look): Kept => ({
  undo_seconds: chosen.undoSeconds as Kept['undo_seconds'], after_done: chosen.afterDone, image_senders: chosen.imageSenders, shortcuts: chosen.shortcuts,
  density: chosen.density, signature: chosen.signature, dark_mail: chosen.darkMail,
  zone_by: chosen.zone === null ? 'device' : 'hand', time_zone: chosen.zone ?? deviceZone(), ...look,
});

/** What the server has, as the page reads it; what it has not is as the page comes. */
export const toChosen = (kept: Preferences): Chosen => ({
  undoSeconds: kept.undo_seconds ?? AS_IT_COMES.undoSeconds, afterDone: kept.after_done ?? AS_IT_COMES.afterDone,
  imageSenders: kept.image_senders ?? [], shortcuts: kept.shortcuts ?? {},
  density: kept.density ?? AS_IT_COMES.density, signature: kept.signature ?? AS_IT_COMES.signature, darkMail: kept.dark_mail ?? AS_IT_COMES.darkMail,
  zone: kept.zone_by === 'hand' ? kept.time_zone : null,
});

/** Only what differs: two browsers that change different things do not undo each other. */
export function changesBetween(before: Kept, after: Kept): Partial<Kept> {
  const names = Object.keys(after) as (keyof Kept)[];
  return Object.fromEntries(names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name])).map((name) => [name, after[name]]));
}

/** What the server has, with what was changed on this page while it had not answered yet. */
export function withChanges(kept: Preferences, before: Kept, now: Kept): Preferences {
  const changes = changesBetween(before, now);
  const own = { ...changes } as Partial<Preferences>;
  // Lists and tables may be longer at the server than in this browser's copy: only what was changed of them is.
  if (changes.shortcuts) own.shortcuts = { ...without(kept.shortcuts ?? {}, Object.keys(before.shortcuts ?? {}).filter((id) => now.shortcuts?.[id] === undefined)), ...onlyNew(before.shortcuts ?? {}, now.shortcuts ?? {}) };
  if (changes.image_senders) {
    const taken = (before.image_senders ?? []).filter((sender) => !now.image_senders?.includes(sender));
    own.image_senders = [...new Set([...(kept.image_senders ?? []), ...(now.image_senders ?? []).filter((sender) => !before.image_senders?.includes(sender))])].filter((sender) => !taken.includes(sender));
  }
  return { ...kept, ...own };
}

type Table = Record<string, string>;
const without = (table: Table, ids: string[]): Table => Object.fromEntries(Object.entries(table).filter(([id]) => !ids.includes(id)));
const onlyNew = (before: Table, now: Table): Table => Object.fromEntries(Object.entries(now).filter(([id, keys]) => before[id] !== keys));

export const keep = (changes: Partial<Kept>) => put('/preferences/', { body: changes as never });
