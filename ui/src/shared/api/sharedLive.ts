/** Changes as they happen, told to every tab by the one stream that they share; a browser that cannot share has one each. */
import { apiUrl } from './client';
import { listenLive, type Listener } from './live';
import workerUrl from './liveWorker?sharedworker&url'; // oxlint-disable-line import/default -- the build makes it
import type { LiveChange } from './types';

/** What a tab says to the worker, and what it hears. */
export type LiveWord = { kind: 'come'; url: string; since: number } | { kind: 'leave' };
export type LiveNews = { kind: 'changes'; changes: LiveChange[] } | { kind: 'gap' } | { kind: 'state'; isConnected: boolean };

/**
 * Those who sign in as different people share nothing: `who` names the stream. `place` is where the server's log stood
 * before anything of this page was read: what happened since is told, too.
 */
export function shareLive(who: string, place: string | null, listener: Listener): () => void {
  const url = `${apiUrl('/live/')}${place ? `?after=${encodeURIComponent(place)}` : ''}`;
  if (typeof SharedWorker === 'undefined') return listenLive(url, listener);
  let stopOwn: (() => void) | null = null;
  const worker = new SharedWorker(workerUrl, { type: 'module', name: `live ${who}` });
  const say = (word: LiveWord) => worker.port.postMessage(word);
  const come = () => say({ kind: 'come', url, since: performance.timeOrigin });
  const leave = () => say({ kind: 'leave' });
  const comeBack = ({ persisted }: PageTransitionEvent) => { if (persisted) { come(); listener.onGap(); } }; // nothing was heard meanwhile
  worker.onerror = () => { stopOwn ??= listenLive(url, listener); };
  worker.port.onmessage = ({ data }: MessageEvent<LiveNews>) => {
    if (data.kind === 'changes') listener.onChanges(data.changes);
    else if (data.kind === 'gap') listener.onGap();
    else listener.onState(data.isConnected);
  };
  come();
  addEventListener('pagehide', leave);
  addEventListener('pageshow', comeBack);
  return () => {
    removeEventListener('pagehide', leave);
    removeEventListener('pageshow', comeBack);
    leave();
    worker.port.close();
    stopOwn?.();
  };
}
