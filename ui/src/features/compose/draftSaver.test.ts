import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepWriting, keptWriting, type Writing } from '#/shared/mail/composing';
import { DraftSaver } from './draftSaver';

const writing = (change: Partial<Writing> = {}): Writing => ({
  draftId: null, leadId: 'lead_1', accountId: null, from: null, to: [{ email: 'ann@x.example', name: '' }], cc: [], bcc: [], subject: 'Price', html: '<p>Hi</p>',
  quoted: null, inReplyToId: null, attachments: [], isSigned: false, followUpAt: null, templateId: null, tracksOpens: null, tracksClicks: null, ...change,
});
let sent: { method: string; url: string }[];
let now: Writing;
let answer: () => Promise<Response>;
const saver = () => new DraftSaver({ read: () => now, onDraftId: (draftId) => { now = { ...now, draftId }; }, onState: () => undefined });

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  now = writing();
  answer = async () => new Response(JSON.stringify({ id: 'acti_1' }), { status: 200 });
  // The network is the edge of the page: the only thing replaced here.
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => { sent.push({ method: init.method!, url }); return answer(); });
});
afterEach(() => { vi.useRealTimers(); vi.unstubAllGlobals(); });

test('one draft is made, then changed, however fast the keys come', async () => {
  const draft = saver();
  draft.touch();
  draft.touch();
  await vi.advanceTimersByTimeAsync(1000);
  draft.touch();
  await draft.flush();
  expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /api/v1/activity/email/', 'PUT /api/v1/activity/email/acti_1/']);
});

test('a second save waits for the first, so no draft is made twice', async () => {
  let release = () => undefined as void;
  answer = () => new Promise((resolve) => { release = () => resolve(new Response('{"id":"acti_1"}')); });
  const draft = saver();
  draft.touch();
  const first = draft.flush();
  await vi.advanceTimersByTimeAsync(0);
  draft.touch();
  const second = draft.flush();
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toHaveLength(1);
  answer = async () => new Response('{"id":"acti_1"}');
  release();
  await Promise.all([first, second]);
  expect(sent.map(({ method }) => method)).toEqual(['POST', 'PUT']);
});

test('nothing is saved after the email has left', async () => {
  const draft = saver();
  draft.touch();
  await draft.stop();
  await vi.advanceTimersByTimeAsync(5000);
  await draft.flush();
  expect(sent).toEqual([]);
});

test('without a lead, and untouched, nothing goes to the server', async () => {
  for (const each of [writing({ leadId: null }), writing({ html: '<p></p>', subject: '', to: [] })]) {
    now = each;
    const draft = saver();
    draft.touch();
    await draft.flush();
  }
  expect(sent).toEqual([]);
});

test('a failed save is tried again with the next key', async () => {
  answer = async () => new Response('{}', { status: 503 });
  const draft = saver();
  draft.touch();
  await draft.flush();
  answer = async () => new Response('{"id":"acti_1"}');
  draft.touch();
  await draft.flush();
  expect(sent.map(({ method }) => method)).toEqual(['POST', 'POST']);
  expect(now.draftId).toBe('acti_1');
});

test('what was typed last stays in the browser when the page goes away, though no request arrives', async () => {
  answer = () => new Promise(() => undefined);
  keepWriting(null);
  const draft = saver();
  draft.leavePage();
  expect(keptWriting()).toBeNull(); // nothing was typed
  draft.touch();
  now = writing({ html: '<p>The last words</p>' });
  draft.leavePage();
  expect(keptWriting()?.html).toBe('<p>The last words</p>');
  void draft.stop();
  draft.leavePage();
  expect(keptWriting()).toBeNull();
});
