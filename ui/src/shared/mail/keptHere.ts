/** What somebody writes and only this browser has: it is theirs alone, and goes when they sign out. */
import { keptWriting, WRITING_KEPT } from './composing';
import { readSetAside, SET_ASIDE_KEPT, useSetAside } from './setAsideList';

const OWNER = 'postroom-owner';
const KEPT = [WRITING_KEPT, SET_ASIDE_KEPT];
const of = (key: string, userId: string) => `${key} ${userId}`;

/** To be called before anything kept is read. What another person left here is put where they find it again. */
export function claimKept(userId: string): void {
  try {
    const owner = localStorage.getItem(OWNER);
    if (owner !== userId) {
      for (const key of KEPT) {
        if (owner) move(key, of(key, owner));
        move(of(key, userId), key);
      }
      localStorage.setItem(OWNER, userId);
    }
  } catch { /* storage is full or switched off: then nothing is kept */ }
  useSetAside.setState({ emails: readSetAside() });
}

/** How many emails are nowhere but here. */
export function countKept(): number {
  const open = keptWriting();
  const isUnsaved = open !== null && !open.draftId && (open.subject !== '' || open.html !== '');
  return readSetAside().length + (isUnsaved ? 1 : 0);
}

export function forgetKept(): void {
  try { for (const key of [...KEPT, OWNER]) localStorage.removeItem(key); } catch { /* storage is switched off */ }
}

function move(from: string, to: string): void {
  const text = localStorage.getItem(from);
  localStorage.removeItem(from);
  if (text !== null) localStorage.setItem(to, text);
}
