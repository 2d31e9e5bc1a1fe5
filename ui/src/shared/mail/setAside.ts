/**
 * Emails put aside before anybody knew to whom they go. The server keeps drafts on leads, so until there is one these
 * live in this browser; the list of drafts shows them.
 */
import i18next from 'i18next';
import { offerUndo } from '#/shared/parts/undo';
import { openComposing, type Writing } from './composing';
import { useSetAside, writeSetAside } from './setAsideList';

const MOST = 50;

export function setAside(writing: Writing): void {
  const id = crypto.randomUUID();
  writeSetAside([{ id, at: new Date().toISOString(), writing }, ...useSetAside.getState().emails].slice(0, MOST));
  offerUndo(i18next.t('compose.setAside'), () => takeUp(id));
}

export function forgetSetAside(id: string): void {
  writeSetAside(useSetAside.getState().emails.filter((each) => each.id !== id));
}

/** Opens it again where it was left. */
export function takeUp(id: string): void {
  const found = useSetAside.getState().emails.find((each) => each.id === id);
  if (!found) return;
  forgetSetAside(id);
  openComposing(found.writing);
}
