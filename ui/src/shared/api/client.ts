/** The one way to the server: JSON over same-origin requests, with the header that the server asks of a signed-in page. */
import { ApiError, toApiError } from './errors';

const BASE = '/api/v1';

type Query = Record<string, string | number | boolean | null | undefined>;
type Options = { query?: Query; body?: unknown; signal?: AbortSignal };
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export const get = <T>(path: string, options: Omit<Options, 'body'> = {}) => request<T>('GET', path, options);
export const post = <T>(path: string, body: unknown = {}) => request<T>('POST', path, { body });
export const put = <T>(path: string, body: unknown, query?: Query) => request<T>('PUT', path, { body, ...(query ? { query } : {}) });
export const del = <T = object>(path: string) => request<T>('DELETE', path, {});

export function apiUrl(path: string, query: Query = {}): string {
  const text = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined && value !== null && value !== '') text.set(key, String(value));
  return `${BASE}${path}${text.size ? `?${text}` : ''}`;
}

async function request<T>(method: Method, path: string, { query, body, signal }: Options): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json', 'X-Postroom': '1', 'X-TZ-Offset': zoneOffsetHours() };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const init: RequestInit = { method, headers, ...(signal ? { signal } : {}), ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await reach(apiUrl(path, query), init);
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer as T;
  const error = toApiError(response.status, answer);
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
const zoneOffsetHours = () => (-new Date().getTimezoneOffset() / 60).toFixed(1);

const signedOutListeners = new Set<() => void>();
/** Calls back when the server no longer knows this session. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => { signedOutListeners.delete(listener); };
}
