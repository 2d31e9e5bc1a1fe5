/** The API's own description, as the server publishes it, put in the order of a reader. Pure but for the request. */
import { queryOptions } from '@tanstack/react-query';
import { toApiError } from '#/shared/api/errors';

export type Schema = {
  $ref?: string; type?: string | string[]; title?: string; description?: string; format?: string; enum?: unknown[]; const?: unknown; maxLength?: number; maxItems?: number;
  properties?: Record<string, Schema>; required?: string[]; items?: Schema; oneOf?: Schema[]; anyOf?: Schema[]; additionalProperties?: Schema | boolean;
};
type Content = Record<string, { schema?: Schema }>;
export type Parameter = { name: string; in: string; description?: string; required?: boolean; schema?: Schema };
type Described = { operationId: string; description?: string; parameters?: Parameter[]; requestBody?: { content: Content }; responses: Record<string, { description?: string; content?: Content }> };
export type ApiDocument = { paths: Record<string, Record<string, Described>>; components?: { schemas?: Record<string, Schema> } };

export const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
export type ApiMethod = (typeof METHODS)[number];
export type Operation = { id: string; method: ApiMethod; path: string; part: string; description: string; parameters: Parameter[]; body: Schema | null; answer: Answered };
export type Answered = { status: string; kind: string; schema: Schema | null };
export type Part = { name: string; section: Section; operations: Operation[] };
export type Section = 'records' | 'search' | 'email' | 'organization' | 'page';

export const apiDocumentQuery = queryOptions({
  queryKey: ['apiDocument'],
  queryFn: async ({ signal }): Promise<ApiDocument> => {
    const answer = await fetch('/api/v1/openapi.json', { signal });
    if (!answer.ok) throw toApiError(answer.status, null);
    return await answer.json() as ApiDocument;
  },
  staleTime: Infinity,
});

const BASE = /^\/api\/v1\//;
/** These hold several kinds of things, each a part of its own. */
const SHELVES = new Set(['activity', 'bulk_action', 'status']);
const SECTIONS: Record<Exclude<Section, 'organization'>, string[]> = {
  records: ['lead', 'contact', 'opportunity', 'task', 'activity', 'comment', 'comment_thread', 'files', 'custom_field', 'custom_field_schema', 'custom_activity', 'status', 'pipeline', 'integration_link'],
  search: ['data', 'search', 'saved_search', 'export', 'report', 'event', 'webhook', 'bulk_action'],
  email: ['email_template', 'connected_account', 'send_as', 'signature', 'unsubscribe', 'suppression', 'sending_domain', 'exclude_patterns', 'own_domain', 'link_decision', 'link_proposal', 'oauth_client', 'mail', 'why'],
  page: ['auth', 'session', 'security', 'two_factor', 'preferences', 'image', 'live'],
};
const PLACES = new Map(Object.entries(SECTIONS).flatMap(([section, names]) => names.map((name, rank) => [name, { section: section as Section, rank }] as const)));
const ORDER: Section[] = ['records', 'search', 'email', 'organization', 'page'];
const AFTER_ALL = 1000;

export function partOf(path: string): string {
  const [first = '', second = ''] = path.replace(BASE, '').split('/');
  return SHELVES.has(first) && second && !second.startsWith('{') ? `${first}/${second}` : first;
}

const ofShelf = (part: string) => PLACES.get(part.split('/')[0]!) ?? { section: 'organization' as const, rank: AFTER_ALL };

/** Everything that can be asked, by what it is about: what people work with first, what only this page needs last. */
export function partsOf(document: ApiDocument): Part[] {
  const parts = new Map<string, Operation[]>();
  for (const operation of operationsOf(document)) parts.set(operation.part, [...(parts.get(operation.part) ?? []), operation]);
  return [...parts].map(([name, operations]) => ({ name, section: ofShelf(name).section, operations }))
    .toSorted((a, b) => ORDER.indexOf(a.section) - ORDER.indexOf(b.section) || ofShelf(a.name).rank - ofShelf(b.name).rank || a.name.localeCompare(b.name));
}

function operationsOf({ paths }: ApiDocument): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) => METHODS.flatMap((method) => (methods[method] ? [operation(path, method, methods[method])] : [])));
}

function operation(path: string, method: ApiMethod, { operationId, description = '', parameters = [], requestBody, responses }: Described): Operation {
  const status = Object.keys(responses).find((code) => code.startsWith('2')) ?? '200';
  const [kind = '', content] = Object.entries(responses[status]?.content ?? {})[0] ?? [];
  return {
    id: operationId, method, path, part: partOf(path), description, parameters,
    body: Object.values(requestBody?.content ?? {})[0]?.schema ?? null, answer: { status, kind, schema: content?.schema ?? null },
  };
}

/** The parts with only those operations that hold every word: in their path, their text, or the names of what they take. */
export function partsWith(parts: Part[], words: string, schemaAt: (schema: Schema | null) => Schema | null): Part[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (!wanted.length) return parts;
  const holds = (operation: Operation) => { const text = textOf(operation, schemaAt); return wanted.every((word) => text.includes(word)); };
  return parts.map((part) => ({ ...part, operations: part.operations.filter(holds) })).filter(({ operations }) => operations.length);
}

const textOf = ({ method, path, description, parameters, body, id }: Operation, schemaAt: (schema: Schema | null) => Schema | null) =>
  [method, path, id, description, ...parameters.map(({ name }) => name), ...Object.keys(schemaAt(body)?.properties ?? {})].join(' ').toLowerCase();
