/** Every lead that a query finds, also those that are not on the screen: read in pages, changed by the server. */
import { get, post, put } from '#/shared/api/client';
import { ApiError } from '#/shared/api/errors';
import type { Lead } from '#/shared/api/types';

const AT_ONCE = 200;
/** More than this many are left to the server; fewer are set faster than it would begin. */
const ONE_BY_ONE = 10;
const MOST_IN_A_LIST = 2000; // `rooms/smart_views/query.py`
const LOOK_AGAIN_MS = 700;
type Kept = Pick<Lead, 'id' | 'status_id'>;
type Change = { kind: 'delete' } | { kind: 'edit'; statusId: string };
/** How far a change is. */
export type Told = (done: number, total: number) => void;

/** What an empty field stands for. */
export const askedFor = (words: string) => words.trim() || '*';

export async function leadsOf(words: string, fields: string): Promise<Lead[]> {
  const found: Lead[] = [];
  for (;;) {
    const page = await get('/lead/', { query: { query: words, _fields: fields, _skip: found.length, _limit: AT_ONCE } });
    found.push(...page.data);
    if (!page.has_more || !page.data.length) return found;
  }
}

export const statusesOf = async (words: string): Promise<Kept[]> => (await leadsOf(words, 'id,status_id')).map(({ id, status_id }) => ({ id, status_id }));

/** The server works through them, also when the page is closed meanwhile. Answers how many it did. */
export async function changeWhole(words: string, change: Change, onTold: Told): Promise<number> {
  const body = { query: askedFor(words), send_done_email: false };
  const begun = change.kind === 'delete'
    ? await post('/bulk_action/delete/', { body: { ...body, bulk_object_type: 'lead' } })
    : await post('/bulk_action/edit/', { body: { ...body, type: 'set_lead_status', lead_status_id: change.statusId } });
  for (;;) {
    const action = change.kind === 'delete'
      ? await get('/bulk_action/delete/{bulk_delete_id}/', { at: { bulk_delete_id: begun.id } })
      : await get('/bulk_action/edit/{bulk_edit_id}/', { at: { bulk_edit_id: begun.id } });
    if (action.status === 'done') return action.n_objects_processed;
    if (action.status === 'error') throw new ApiError(500, action.error ?? '');
    if (action.n_objects !== null) onTold(action.n_objects_processed, action.n_objects);
    await new Promise((resolve) => { setTimeout(resolve, LOOK_AGAIN_MS); });
  }
}

/** Each gets its own status (back). A few are set one by one, at once; many by the server, those of one status together. */
export async function setStatuses(leads: readonly Kept[], onTold: Told): Promise<void> {
  if (leads.length <= ONE_BY_ONE) { await setEach(leads, onTold); return; }
  try { await setShares(leads, onTold); } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 403) throw error;
    await setEach(leads, onTold); // who may change leads, but no many of them at once
  }
}

async function setEach(leads: readonly Kept[], onTold: Told): Promise<void> {
  for (const [at, lead] of leads.entries()) {
    await put('/lead/{lead_id}/', { at: { lead_id: lead.id }, body: { status_id: lead.status_id } });
    onTold(at + 1, leads.length);
  }
}

async function setShares(leads: readonly Kept[], onTold: Told): Promise<void> {
  let before = 0;
  for (const { statusId, ids } of shares(leads)) {
    const done = before;
    await changeWhole(`id in (${ids.join(', ')})`, { kind: 'edit', statusId }, (now) => onTold(done + now, leads.length));
    before += ids.length;
  }
}

/** Who gets which status, in lists that a query can hold. */
export function shares(leads: readonly Kept[]): { statusId: string; ids: string[] }[] {
  const byStatus = new Map<string, string[]>();
  for (const { id, status_id: statusId } of leads) {
    const ids = byStatus.get(statusId);
    if (ids) ids.push(id); else byStatus.set(statusId, [id]);
  }
  return [...byStatus].flatMap(([statusId, ids]) => Array.from({ length: Math.ceil(ids.length / MOST_IN_A_LIST) }, (_none, at) => ({ statusId, ids: ids.slice(at * MOST_IN_A_LIST, (at + 1) * MOST_IN_A_LIST) })));
}
