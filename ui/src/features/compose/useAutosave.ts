import { useEffect, useState } from 'react';
import type { Writing } from '#/shared/mail/composing';
import { DraftSaver, type SaveState } from './draftSaver';

/** A saver for the open window, with its state for the person who writes. */
export function useAutosave(read: () => Writing, onDraftId: (id: string) => void) {
  const [state, setState] = useState<SaveState>({ is: 'idle', at: null });
  const [saver] = useState(() => new DraftSaver({ read, onDraftId, onState: setState }));
  useEffect(() => {
    const onHide = () => { if (document.visibilityState === 'hidden') saver.leavePage(); };
    document.addEventListener('visibilitychange', onHide);
    return () => document.removeEventListener('visibilitychange', onHide);
  }, [saver]);
  return { state, saver };
}
