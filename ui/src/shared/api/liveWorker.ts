/**
 * Holds the one stream of changes for all tabs of a browser. A browser keeps six connections to a host over HTTP/1.1 and
 * a stream takes one for as long as it lasts: with a stream for each tab the seventh tab would load nothing.
 */
import { listenLive } from './live';
import type { LiveNews, LiveWord } from './sharedLive';
import type { LiveChange } from './types';

/** So long may a tab take from its first request until it comes here. */
const REMEMBERED_MS = 60_000;
const ports = new Set<MessagePort>();
let stop: (() => void) | null = null;
let isConnected = false;
let recent: { at: number; changes: LiveChange[] }[] = [];

const tell = (news: LiveNews) => { for (const port of ports) port.postMessage(news); };

/** `since`: when the tab began to read, in milliseconds of the clock. What the others were told since then it is told now. */
function come(port: MessagePort, url: string, since: number): void {
  ports.add(port);
  if (stop) {
    port.postMessage({ kind: 'state', isConnected } satisfies LiveNews);
    const changes = recent.flatMap((told) => (told.at >= since ? told.changes : []));
    if (changes.length) port.postMessage({ kind: 'changes', changes } satisfies LiveNews);
    return;
  }
  stop = listenLive(url, {
    onChanges: (changes) => {
      const at = Date.now();
      recent = [...recent.filter((told) => told.at > at - REMEMBERED_MS), { at, changes }];
      tell({ kind: 'changes', changes });
    },
    onGap: () => tell({ kind: 'gap' }),
    onState: (is) => { isConnected = is; tell({ kind: 'state', isConnected: is }); },
  });
}

function leave(port: MessagePort): void {
  ports.delete(port);
  if (ports.size) return;
  stop?.();
  stop = null;
  isConnected = false;
  recent = [];
}

(globalThis as unknown as { onconnect: (event: MessageEvent) => void }).onconnect = ({ ports: [port] }) => {
  if (!port) return;
  port.onmessage = ({ data }: MessageEvent<LiveWord>) => { if (data.kind === 'come') come(port, data.url, data.since); else leave(port); };
};
