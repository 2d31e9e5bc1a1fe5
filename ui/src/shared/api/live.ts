/**
 * Changes as they happen, over server-sent events. The browser reconnects by itself and names the last event it saw;
 * when the stream had to be opened anew, or the server says so, the caller is told to read everything again.
 */
import type { LiveChange } from './types';

export type Listener = { onChanges: (changes: LiveChange[]) => void; onGap: () => void; onState: (isConnected: boolean) => void };

const GATHER_MS = 200; // one arriving email is four events: read the lists once
const REOPEN_MS = 5000;

export function listenLive(url: string, { onChanges, onGap, onState }: Listener): () => void {
  let source: EventSource | null = null;
  let gathered: LiveChange[] = [];
  let gatherTimer: ReturnType<typeof setTimeout> | undefined;
  let reopenTimer: ReturnType<typeof setTimeout> | undefined;

  const gather = (event: MessageEvent<string>) => {
    gathered.push(JSON.parse(event.data) as LiveChange);
    gatherTimer ??= setTimeout(() => {
      gatherTimer = undefined;
      const changes = gathered;
      gathered = [];
      onChanges(changes);
    }, GATHER_MS);
  };

  const open = (isReopened: boolean) => {
    source = new EventSource(url);
    source.addEventListener('change', gather);
    source.addEventListener('reset', onGap); // the server no longer has what was missed
    source.addEventListener('open', () => {
      onState(true);
      if (isReopened) onGap();
    });
    source.addEventListener('error', () => {
      onState(false);
      // CONNECTING: the browser tries again with Last-Event-ID. CLOSED: it gave up (a 502, say), so the place is lost.
      if (source?.readyState === EventSource.CLOSED) reopenTimer = setTimeout(() => open(true), REOPEN_MS);
    });
  };
  open(false);

  return () => {
    clearTimeout(gatherTimer);
    clearTimeout(reopenTimer);
    source?.close();
  };
}
