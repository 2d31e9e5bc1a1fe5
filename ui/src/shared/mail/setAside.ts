/**
 * Emails put aside before anybody knew to whom they go. The server keeps drafts on leads, so until there is one these
 * live in this browser; the list of drafts shows them.
 */
import i18next from 'i18next';
import { create } from 'zustand';
import { offerUndo } from '#/shared/parts/undo';
import { openComposing, type Writing } from './composing';

export const SET_ASIDE_KEPT = 'postroom-set-aside';
const MOST = 50;
export type SetAside = { id: string; at: string; writing: Writing };

export function readSetAside(): SetAside[] {
  try { return JSON.parse(localStorage.getItem(SET_ASIDE_KEPT) ?? '[]') as SetAside[]; } catch { return []; }
}
export const useSetAside = create<{ emails: SetAside[] }>(() => ({ emails: readSetAside() }));

function write(emails: SetAside[]): void {
  useSetAside.setState({ emails });
  try { localStorage.setItem(SET_ASIDE_KEPT, JSON.stringify(emails)); } catch { /* storage is full or switched off: until the page goes they remain */ }
}

export function setAside(writing: Writing): void {
  const id = crypto.randomUUID();
  write([{ id, at: new Date().toISOString(), writing }, ...useSetAside.getState().emails].slice(0, MOST));
  offerUndo(i18next.t('compose.setAside'), () => takeUp(id));
}

export function forgetSetAside(id: string): void {
  write(useSetAside.getState().emails.filter((each) => each.id !== id));
}

/** Opens it again where it was left. */
export function takeUp(id: string): void {
  const found = useSetAside.getState().emails.find((each) => each.id === id);
  if (!found) return;
  forgetSetAside(id);
  openComposing(found.writing);
}
