/** The emails that were put aside in this browser. */
import { create } from 'zustand';
import type { Writing } from './composing';

export const SET_ASIDE_KEPT = 'postroom-set-aside';
export type SetAside = { id: string; at: string; writing: Writing };

export function readSetAside(): SetAside[] {
  try { return JSON.parse(localStorage.getItem(SET_ASIDE_KEPT) ?? '[]') as SetAside[]; } catch { return []; }
}
export const useSetAside = create<{ emails: SetAside[] }>(() => ({ emails: readSetAside() }));

export function writeSetAside(emails: SetAside[]): void {
  useSetAside.setState({ emails });
  try { localStorage.setItem(SET_ASIDE_KEPT, JSON.stringify(emails)); } catch { /* storage is full or switched off: until the page goes they remain */ }
}
