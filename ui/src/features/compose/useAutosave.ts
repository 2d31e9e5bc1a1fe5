/** Keeps what is written: in the browser at once, on the server a second after the last key, one save after the other. */
import { useEffect, useMemo, useRef, useState } from 'react';
import { keepWriting, type Writing } from '#/shared/mail/composing';
import { changeEmail, createEmail } from '#/shared/requests/changeEmail';
import { contentOf, isUntouched } from './content';

const QUIET_MS = 1000;
export type SaveState = { is: 'idle' | 'saving' | 'saved' | 'kept'; at: Date | null };

export function useAutosave(read: () => Writing, onDraftId: (id: string) => void) {
  const [state, setState] = useState<SaveState>({ is: 'idle', at: null });
  const latest = useRef({ read, onDraftId });
  useEffect(() => { latest.current = { read, onDraftId }; });

  const saver = useMemo(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let queue: Promise<unknown> = Promise.resolve();
    let isDirty = false;
    let isStopped = false;

    const saveOnce = async () => {
      const writing = latest.current.read();
      if (!isDirty || isStopped || isUntouched(writing)) return;
      isDirty = false;
      if (!writing.leadId) { setState({ is: 'kept', at: new Date() }); return; } // the server keeps drafts on leads
      setState((old) => ({ ...old, is: 'saving' }));
      try {
        const content = contentOf(writing);
        const saved = writing.draftId ? await changeEmail(writing.draftId, { ...content, status: 'draft' }) : await createEmail({ ...content, status: 'draft' });
        latest.current.onDraftId(saved.id);
        setState({ is: 'saved', at: new Date() });
      } catch {
        isDirty = true;
        setState({ is: 'kept', at: new Date() }); // it still stands in the browser; the next key tries again
      }
    };
    const flush = () => { clearTimeout(timer); queue = queue.then(saveOnce); return queue; };
    return {
      flush,
      touch: () => {
        isDirty = true;
        clearTimeout(timer);
        timer = setTimeout(() => { keepWriting(latest.current.read()); void flush(); }, QUIET_MS);
      },
      /** No save after this one: the email leaves or is thrown away. Resolves when the last save is through. */
      stop: () => { isStopped = true; clearTimeout(timer); keepWriting(null); return queue; },
    };
  }, []);

  useEffect(() => {
    const onHide = () => { if (document.visibilityState === 'hidden') void saver.flush(); };
    document.addEventListener('visibilitychange', onHide);
    return () => document.removeEventListener('visibilitychange', onHide);
  }, [saver]);
  return { state, ...saver };
}
