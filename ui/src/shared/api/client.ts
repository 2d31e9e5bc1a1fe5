/** The one way to the server: JSON over same-origin requests, with the header that the server asks of a signed-in page. */
import { minutesEast } from '#/shared/time/zone';
import { ApiError, toApiError } from './errors';
import type { Answer, Body, Method, PathOf, Places, Query } from './routes';

const BASE = '/api/v1';

type AnyQuery = Record<string, string | number | boolean | null | undefined>;
type Asked<P extends PathOf<'get'>> = { query?: Query<P>; signal?: AbortSignal };
type At<P extends string> = unknown extends Places<P> ? { at?: undefined } : { at: Places<P> };
type Loose = { at?: unknown; query?: AnyQuery; body?: unknown; signal?: AbortSignal };

export const get = <P extends PathOf<'get'>>(path: P, ...[asked]: unknown extends Places<P> ? [asked?: Asked<P>] : [asked: At<P> & Asked<P>]) =>
  request<Answer<P, 'get'>>('get', path, (asked ?? {}) as Loose);
export const post = <P extends PathOf<'post'>>(path: P, told: At<P> & { body?: Body<P, 'post'> }) => request<Answer<P, 'post'>>('post', path, told);
export const put = <P extends PathOf<'put'>>(path: P, told: At<P> & { query?: AnyQuery; body: Body<P, 'put'> }) => request<Answer<P, 'put'>>('put', path, told);
export const del = <P extends PathOf<'delete'>>(path: P, told: At<P>) => request<Answer<P, 'delete'>>('delete', path, told);

export function apiUrl(path: string, query: AnyQuery = {}): string {
  const text = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined && value !== null && value !== '') text.set(key, String(value));
  return `${BASE}${path}${text.size ? `?${text}` : ''}`;
}

const filled = (path: string, places: unknown) =>
  path.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent((places as Record<string, string>)[name] ?? ''));

async function request<T>(method: Method, path: string, { at, query, body, signal }: Loose): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json', 'X-Postroom': '1', 'X-TZ-Offset': zoneOffsetHours() };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const init: RequestInit = { method: method.toUpperCase(), headers, ...(signal ? { signal } : {}), ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await reach(apiUrl(filled(path, at), query), init);
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer as T;
  const error = toApiError(response.status, answer);
  if (error.remedy === 'confirm_password' && await askPassword()) return request<T>(method, path, { at, ...(query ? { query } : {}), body, ...(signal ? { signal } : {}) });
  if (error.isSignedOut) for (const listener of signedOutListeners) listener();
  throw error;
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError(0, '');
  }
}

/** Close's clients send the zone so that "today" is the reader's today. */
const zoneOffsetHours = () => (minutesEast(new Date()) / 60).toFixed(1);

/** Before a sensitive change the server asks for the password once more: whoever is on the page asks the person. */
let askPassword: () => Promise<boolean> = () => Promise.resolve(false);
export function onPasswordNeeded(ask: () => Promise<boolean>): () => void {
  askPassword = ask;
  return () => { askPassword = () => Promise.resolve(false); };
}

const signedOutListeners = new Set<() => void>();
/** Calls back when the server no longer knows this session. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => { signedOutListeners.delete(listener); };
}
