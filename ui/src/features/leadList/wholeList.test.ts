import { afterEach, expect, test, vi } from 'vitest';
import { setStatuses, shares } from './wholeList';

afterEach(() => { vi.unstubAllGlobals(); });

const leads = (many: number, statusOf: (at: number) => string) => Array.from({ length: many }, (_none, at) => ({ id: `lead_${at}`, status_id: statusOf(at) }));

/** A server whose bulk edits are done at once. */
function server(): { method: string; path: string; body: Record<string, unknown> | null }[] {
  const asked: { method: string; path: string; body: Record<string, unknown> | null }[] = [];
  vi.stubGlobal('fetch', async (url: string, { method, body }: RequestInit) => {
    asked.push({ method: method!, path: url, body: body ? JSON.parse(body as string) as Record<string, unknown> : null });
    return new Response(JSON.stringify({ id: 'bulkedit_1', status: 'done', n_objects: 1, n_objects_processed: 1 }));
  });
  return asked;
}

test('many get their old status back by one bulk edit for each status', async () => {
  const asked = server();
  await setStatuses(leads(3000, (at) => (at % 3 ? 'stat_new' : 'stat_old')), () => undefined);
  const edits = asked.filter(({ method }) => method === 'POST');
  expect(edits.map(({ path, body }) => [path, body!.lead_status_id])).toEqual([['/api/v1/bulk_action/edit/', 'stat_old'], ['/api/v1/bulk_action/edit/', 'stat_new']]);
  expect(edits[0]!.body!.query).toMatch(/^id in \(lead_0, lead_3, .*lead_2997\)$/);
  expect(edits[0]!.body!.send_done_email).toBe(false);
  expect(asked.some(({ method }) => method === 'PUT')).toBe(false);
});

test('a few are set one by one', async () => {
  const asked = server();
  await setStatuses(leads(2, () => 'stat_old'), () => undefined);
  expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual(['PUT /api/v1/lead/lead_0/', 'PUT /api/v1/lead/lead_1/']);
});

test('no list is longer than a query may hold, and nobody is left out', () => {
  const parts = shares(leads(4500, () => 'stat_old'));
  expect(parts.map(({ ids }) => ids.length)).toEqual([2000, 2000, 500]);
  expect(new Set(parts.flatMap(({ ids }) => ids)).size).toBe(4500);
});
