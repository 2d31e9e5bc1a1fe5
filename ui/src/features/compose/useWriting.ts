/** The email in the open window: its fields, its keeping, its leaving. */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { closeComposing, keepWriting, onReplaced, openComposing, setWrittenDraft, type Writing } from '#/shared/mail/composing';
import { discardEmails } from '#/shared/mail/discard';
import { setAside } from '#/shared/mail/setAside';
import { offerUndo } from '#/shared/parts/undo';
import { usePreferences } from '#/shared/preferences';
import { isUntouched } from './content';
import { tokensOf } from './filling';
import { sendWriting } from './sendWriting';
import { useAutosave } from './useAutosave';

export function useWriting(start: Writing) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const undoSeconds = usePreferences((state) => state.undoSeconds);
  const [shown, setShown] = useState(start);
  // The text changes with every key: kept beside the state, so that a key does not render the whole window.
  const now = useRef(start);
  const isHere = useRef(true);
  const { state: saved, saver } = useAutosave(useCallback(() => now.current, []), (draftId) => { now.current = { ...now.current, draftId }; if (isHere.current) setWrittenDraft(draftId); });

  const change = (part: Partial<Writing>) => {
    now.current = { ...now.current, ...part };
    setShown(now.current);
    saver.touch();
  };
  // The list of variables is kept when it has not changed: a new one would render the window with every key.
  const [tokens, setTokens] = useState(() => tokensOf(start));
  const readTokens = () => setTokens((old) => { const next = tokensOf(now.current); return next.join('\n') === old.join('\n') ? old : next; });
  const changeHtml = (html: string) => {
    const mayHold = html.includes('{') || tokens.length > 0;
    now.current = { ...now.current, html };
    if (mayHold) readTokens();
    saver.touch();
  };
  /** A choice the page makes, not the person: no reason to save a draft. */
  const settle = (part: Partial<Writing>) => { now.current = { ...now.current, ...part }; setShown(now.current); };

  const send = async (at: Date | null) => {
    await saver.stop();
    void sendWriting(now.current, undoSeconds, at);
  };
  /** The window goes, the email stays: on the server, or in this browser while it has no lead. */
  const putAway = async () => {
    isHere.current = false;
    if (!isUntouched(now.current) && !now.current.leadId) {
      await saver.stop();
      setAside(now.current);
      return;
    }
    await saver.flush();
    if (now.current.draftId || isUntouched(now.current)) keepWriting(null); // it stands on the server now
  };
  const latest = useRef(putAway);
  useEffect(() => { latest.current = putAway; });
  useEffect(() => onReplaced(() => void latest.current()), []);

  const close = async () => {
    closeComposing();
    await putAway();
    if (now.current.leadId) void queries.invalidateQueries({ queryKey: ['timeline', now.current.leadId] });
  };
  const discard = async () => {
    const writing = now.current;
    closeComposing();
    await saver.stop();
    if (writing.draftId) discardEmails(queries, [writing.draftId], [], () => openComposing(now.current));
    else if (!isUntouched(writing)) offerUndo(t('compose.discarded'), () => openComposing(writing));
  };
  return { shown, now, saved, tokens, readTokens, change, changeHtml, settle, send, close, discard };
}
