/** Requests that can be copied and run: for the shell, and for Close's own Python client. Pure. */
import type { Operation } from './document';
import REQUESTS from './requests.json';

export type Way = 'curl' | 'python';
/** `at`: what stands in the address's places; `query`: what follows the question mark; `body`: what is sent. */
export type Example = { at: Record<string, string>; query: Record<string, string>; body: Json | null };
type Json = { [key: string]: unknown };
type Told = { query?: Record<string, string>; body?: Json };
const TOLD = REQUESTS as Record<string, Told>;

const PLACE = /\{(\w+)\}/g;
const placesIn = (path: string) => [...path.matchAll(PLACE)].map((match) => match[1]!);

/** Where a thing is found whose id a request needs: the list that the address stands in, or the list of its kind. */
export type Needed = { name: string; list: string };
const LISTS: Record<string, string> = { lead_id: '/api/v1/lead/', lead_status_id: '/api/v1/status/lead/', organization_id: '/api/v1/me/' };
/** Places that hold a word and no id. */
const WORDS: Record<string, string> = { stands_on: 'lead', thing: 'lead', provider: 'google' };

/** The ids that an example looks up, so that it can be run as it stands. What changes or removes something names nobody's. */
export function neededBy({ id, method, path }: Operation): Needed[] {
  if (method === 'get') {
    const place = placesIn(path)[0];
    return place?.endsWith('_id') ? [{ name: place, list: place === 'organization_id' ? LISTS[place]! : path.slice(0, path.indexOf(`{${place}}`)) }] : [];
  }
  if (method !== 'post') return [];
  return [...JSON.stringify(TOLD[id]?.body ?? {}).matchAll(/"\{(\w+)\}"/g)].flatMap(([, name = '']) => (LISTS[name] ? [{ name, list: LISTS[name] }] : []));
}

/** What to send; null where nobody has written an example of the body that is needed. */
export function exampleOf(operation: Operation, known: Record<string, string>): Example | null {
  const { query, body } = TOLD[operation.id] ?? {};
  if (operation.body && !body) return null;
  const takesLimit = operation.method === 'get' && operation.parameters.some(({ name }) => name === '_limit');
  return {
    at: Object.fromEntries(placesIn(operation.path).map((name) => [name, known[name] ?? WORDS[name] ?? `$${name.toUpperCase()}`])),
    query: query ?? (takesLimit ? { _limit: '2' } : {}),
    body: body ? filled(body, known) : null,
  };
}

const filled = (body: Json, known: Record<string, string>) => JSON.parse(JSON.stringify(body).replace(/\{(\w+)\}/g, (whole, name: string) => known[name] ?? whole)) as Json;

/** The address of an example, places filled in. */
export function addressOf({ path }: Operation, { at, query }: Example): string {
  const said = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return path.replace(PLACE, (_whole, name: string) => at[name] ?? '') + (said ? `?${said}` : '');
}

export const isComplete = ({ at }: Example) => !Object.values(at).some((value) => value.startsWith('$'));

export function written(way: Way, operation: Operation, example: Example, origin: string): string {
  return way === 'curl' ? curl(operation, example, origin) : python(operation, example, origin);
}

function curl(operation: Operation, { at, query, body }: Example, origin: string): string {
  const asked = Object.entries(query).map(([name, value]) => `--data-urlencode ${shell(`${name}=${value}`)}`);
  const how = asked.length ? ' -G' : operation.method === 'get' || (operation.method === 'post' && body) ? '' : ` -X ${operation.method.toUpperCase()}`;
  const sent = body ? ['-H "Content-Type: application/json"', `-d ${shell(JSON.stringify(body))}`] : [];
  return [`curl -u "$POSTROOM_KEY:"${how} "${origin}${addressOf(operation, { at, query: {}, body })}"`, ...asked, ...sent].join(' \\\n  ');
}

/** In quotes that the shell leaves alone. */
const shell = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

function python(operation: Operation, { at, query, body }: Example, origin: string): string {
  const path = operation.path.replace('/api/v1/', '').replace(/\/$/, '').replace(PLACE, (_whole, name: string) => (at[name] ?? '').replace(/^\$(.*)$/, '{$1}'));
  const place = path.includes('{') ? `f"${path}"` : `"${path}"`;
  const told = [place, ...(Object.keys(query).length ? [`params=${literal(query)}`] : []), ...(body ? [`data=${literal(body)}`] : [])];
  return [...pythonStart(origin), `print(api.${operation.method}(${told.join(', ')}))`].join('\n');
}

/** How a program with Close's client begins: the key, and where this server is. */
export const pythonStart = (origin: string) => ['import os', 'from closeio_api import Client', '', 'api = Client(os.environ["POSTROOM_KEY"])', `api.base_url = "${origin}/api/v1/"`];

/** JSON as Python writes it. */
function literal(value: unknown): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object') return `{${Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${literal(one)}`).join(', ')}}`;
  return JSON.stringify(value);
}
