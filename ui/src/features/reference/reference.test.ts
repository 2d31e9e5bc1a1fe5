import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ApiDocument, Operation } from './document';
import { partOf, partsOf, partsWith } from './document';
import { addressOf, exampleOf, isComplete, neededBy, written } from './examples';
import REQUESTS from './requests.json';
import { fieldsOf, namedIn, typeOf } from './shapes';

const document = JSON.parse(readFileSync('openapi.json', 'utf8')) as ApiDocument;
const parts = partsOf(document);
const named = namedIn(document);
const operations = parts.flatMap((part) => part.operations);
const called = (id: string): Operation => operations.find((one) => one.id === id)!;

test('every request of the document stands in one part, leads first', () => {
  const told = Object.values(document.paths).reduce((sum, methods) => sum + Object.keys(methods).length, 0);
  expect(operations).toHaveLength(told);
  expect(parts[0]!.name).toBe('lead');
  expect(new Set(parts.map(({ name }) => name)).size).toBe(parts.length);
});

test('a shelf of several kinds is told apart, an id is no kind', () => {
  expect(partOf('/api/v1/activity/email/{email_id}/')).toBe('activity/email');
  expect(partOf('/api/v1/activity/')).toBe('activity');
  expect(partOf('/api/v1/lead/{lead_id}/')).toBe('lead');
});

test('all words must be found, in the path, the text or the names of fields', () => {
  expect(partsWith(parts, 'lead merge post', named).flatMap((part) => part.operations.map(({ id }) => id))).toContain('merge_leads');
  expect(partsWith(parts, 'followup_date', named).map(({ name }) => name)).toContain('activity/email');
  expect(partsWith(parts, 'nowhere-to-be-found', named)).toEqual([]);
});

test('each example is of a request that there is, and sends only fields that it takes', () => {
  for (const [id, { query = {}, body }] of Object.entries(REQUESTS as Record<string, { query?: object; body?: object }>)) {
    const operation = called(id);
    expect(operation, id).toBeDefined();
    for (const name of Object.keys(query)) expect(operation.parameters.map((one) => one.name), `${id}: ${name}`).toContain(name);
    const known = fieldsOf(operation.body, named).map(({ name }) => name);
    if (body && known.length) for (const name of Object.keys(body)) expect(known, `${id}: ${name}`).toContain(name);
  }
});

test('an example is written for the shell and for Python', () => {
  const make = called('create_note');
  expect(neededBy(make)).toEqual([{ name: 'lead_id', list: '/api/v1/lead/' }]);
  const find = called('list_leads');
  expect(written('curl', find, { at: {}, query: { query: "it's > 1", _limit: '2' }, body: null }, 'https://p.example')).toBe('curl -u "$POSTROOM_KEY:" -G "https://p.example/api/v1/lead/" \\\n  --data-urlencode \'query=it\'\\\'\'s > 1\' \\\n  --data-urlencode \'_limit=2\'');
  const example = exampleOf(make, { lead_id: 'lead_1' })!;
  expect(written('curl', make, example, 'https://p.example')).toBe('curl -u "$POSTROOM_KEY:" "https://p.example/api/v1/activity/note/" \\\n  -H "Content-Type: application/json" \\\n  -d \'{"lead_id":"lead_1","note":"Met at the fair."}\'');
  expect(written('python', make, example, 'https://p.example')).toContain('api.post("activity/note", data={"lead_id": "lead_1", "note": "Met at the fair."})');
});

test('what reads stands with an id that is there; what removes names nobody’s', () => {
  const read = called('get_lead');
  expect(isComplete(exampleOf(read, {})!)).toBe(false);
  expect(addressOf(read, exampleOf(read, { lead_id: 'lead_1' })!)).toBe('/api/v1/lead/lead_1/');
  const remove = called('delete_lead');
  expect(neededBy(remove)).toEqual([]);
  expect(written('curl', remove, exampleOf(remove, {})!, 'https://p.example')).toBe('curl -u "$POSTROOM_KEY:" -X DELETE "https://p.example/api/v1/lead/$LEAD_ID/"');
  expect(written('python', remove, exampleOf(remove, {})!, 'https://p.example')).toContain('api.delete(f"lead/{LEAD_ID}")');
});

test('shapes are named, nullable ones say so, objects open', () => {
  expect(typeOf({ oneOf: [{ type: 'string' }, { type: 'null' }] }, named)).toBe('string | null');
  expect(typeOf({ type: 'array', items: { type: 'string' } }, named)).toBe('string[]');
  const body = fieldsOf(called('create_lead').body, named);
  const contacts = body.find(({ name }) => name === 'contacts')!;
  expect(contacts.type).toBe('object[] | null');
  expect(fieldsOf(contacts.inner, named).map(({ name }) => name)).toContain('emails');
});
