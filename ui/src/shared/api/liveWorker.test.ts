import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LiveNews } from './sharedLive';

/** The connection to the server is the edge of the page: the only thing replaced here. */
class Stream extends EventTarget {
  static readonly CLOSED = 2;
  static opened: Stream[] = [];
  readyState = 0;
  constructor(readonly url: string) { super(); Stream.opened.push(this); }
  close() { this.readyState = Stream.CLOSED; }
}
const standing = () => Stream.opened.filter((stream) => stream.readyState !== Stream.CLOSED);

function tab() {
  const { port1: ours, port2: theirs } = new MessageChannel();
  const heard: LiveNews[] = [];
  ours.onmessage = ({ data }: MessageEvent<LiveNews>) => heard.push(data);
  (globalThis as unknown as { onconnect: (event: { ports: MessagePort[] }) => void }).onconnect({ ports: [theirs] });
  return { heard, come: (since = Date.now()) => ours.postMessage({ kind: 'come', url: '/live/', since }), leave: () => ours.postMessage({ kind: 'leave' }), close: () => { ours.close(); theirs.close(); } };
}
const tabs: ReturnType<typeof tab>[] = [];
const opened = () => { const made = tab(); tabs.push(made); made.come(); return made; };

beforeEach(async () => {
  vi.stubGlobal('EventSource', Stream);
  Stream.opened = [];
  vi.resetModules();
  await import('./liveWorker');
});
afterEach(() => { for (const each of tabs.splice(0)) each.close(); vi.unstubAllGlobals(); });

test('eight tabs share one stream, and each hears of each change', async () => {
  const eight = Array.from({ length: 8 }, opened);
  await vi.waitFor(() => expect(eight.slice(1).map(({ heard }) => heard)).toEqual(Array(7).fill([{ kind: 'state', isConnected: false }])));
  expect(Stream.opened).toHaveLength(1);
  const change = { object_type: 'lead', object_id: 'lead_1', action: 'updated', lead_id: 'lead_1' };
  standing()[0]!.dispatchEvent(new Event('open'));
  standing()[0]!.dispatchEvent(new MessageEvent('change', { data: JSON.stringify(change) }));
  await vi.waitFor(() => { for (const { heard } of eight) expect(heard.slice(-2)).toEqual([{ kind: 'state', isConnected: true }, { kind: 'changes', changes: [change] }]); });
});

test('a tab that comes later hears what happened while it was being read, and nothing older', async () => {
  const first = opened();
  await vi.waitFor(() => expect(standing()).toHaveLength(1));
  const change = { object_type: 'lead', object_id: 'lead_1', action: 'updated', lead_id: 'lead_1' };
  const before = Date.now();
  standing()[0]!.dispatchEvent(new MessageEvent('change', { data: JSON.stringify(change) }));
  await vi.waitFor(() => expect(first.heard.at(-1)).toEqual({ kind: 'changes', changes: [change] }));
  const [reading, later] = [tab(), tab()];
  tabs.push(reading, later);
  reading.come(before);
  later.come(Date.now() + 1000);
  await vi.waitFor(() => expect(reading.heard).toEqual([{ kind: 'state', isConnected: false }, { kind: 'changes', changes: [change] }]));
  await vi.waitFor(() => expect(later.heard).toEqual([{ kind: 'state', isConnected: false }]));
});

test('the stream outlives the tab that was first, and ends with the last', async () => {
  const [first, second] = [opened(), opened()];
  await vi.waitFor(() => expect(second.heard).toHaveLength(1));
  first.leave();
  standing()[0]!.dispatchEvent(new Event('reset'));
  await vi.waitFor(() => expect(second.heard.at(-1)).toEqual({ kind: 'gap' }));
  expect(standing()).toHaveLength(1);
  second.leave();
  await vi.waitFor(() => expect(standing()).toHaveLength(0));
  opened();
  await vi.waitFor(() => expect(standing()).toHaveLength(1));
});
