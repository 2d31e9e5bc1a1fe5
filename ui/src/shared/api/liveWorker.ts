/**
 * Holds the one stream of changes for all tabs of a browser. A browser keeps six connections to a host over HTTP/1.1 and
 * a stream takes one for as long as it lasts: with a stream for each tab the seventh tab would load nothing.
 */
import { listenLive } from './live';
import type { LiveNews, LiveWord } from './sharedLive';

const ports = new Set<MessagePort>();
let stop: (() => void) | null = null;
let isConnected = false;

const tell = (news: LiveNews) => { for (const port of ports) port.postMessage(news); };

function come(port: MessagePort, url: string): void {
  ports.add(port);
  if (stop) { port.postMessage({ kind: 'state', isConnected } satisfies LiveNews); return; }
  stop = listenLive(url, {
    onChanges: (changes) => tell({ kind: 'changes', changes }),
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
}

(globalThis as unknown as { onconnect: (event: MessageEvent) => void }).onconnect = ({ ports: [port] }) => {
  if (!port) return;
  port.onmessage = ({ data }: MessageEvent<LiveWord>) => { if (data.kind === 'come') come(port, data.url); else leave(port); };
};
