/** What a query can go on with where the caret stands. Pure; the language is that of `rooms/smart_views/query.py`. */
import FIELDS from './queryFields.json';

export type CustomName = { name: string; type: string; choices: string[] };
/** What the organization has made, by name. */
export type Names = { leadStatuses: string[]; opportunityStatuses: string[]; users: string[]; templates: string[]; views: string[]; custom: Record<string, CustomName[]> };
export type Hint = 'text' | 'status' | 'moment' | 'user' | 'number' | 'template' | 'choice' | 'yes_no' | 'inside' | 'views' | 'sorting' | 'most' | 'has' | 'custom' | 'older' | 'newer' | 'since' | 'some' | 'none';
/** `isDone`: nothing has to follow, so it can be searched for at once. */
export type Choice = { text: string; label: string; hint: Hint | null; isDone: boolean };
export type Completion = { from: number; to: number; choices: Choice[] };

const MOST = 8;
/** Where nothing is typed that would leave some out: a list to look through. */
const MOST_OF_ALL = 80;
/** What is asked for most, first in a list of everything. */
const USUAL = ['status', 'name', 'email_address', 'last_email', 'last_activity', 'created', 'opportunity_status', 'user'];
const INSIDE: Record<string, string[]> = {
  lead: ['email', 'contact', 'task', 'opportunity', 'note', 'call', 'activity', 'lead_status', 'lead_status_change', 'address', 'custom_activity'],
  opportunity: ['status', 'status_change'],
};
const DIRECTIVES = { in: 'views', sort: 'sorting', limit: 'most' } as const;
const CHOICES: Record<string, string[]> = {
  direction: ['incoming', 'outgoing'], status_type: ['active', 'won', 'lost'], value_period: ['one_time', 'monthly', 'annual'],
  'email.status': ['sent', 'inbox', 'draft', 'scheduled', 'outbox', 'error'], 'activity.type': ['email', 'call', 'note', 'custom_activity', 'lead_status_change'],
};
const HAS: Record<string, string[]> = { lead: ['contacts', 'emails', 'tasks', 'opportunities', 'notes', 'calls', 'notifications', 'email_address', 'phone_number', 'url'], email: ['attachments'], contact: ['email_address', 'phone_number', 'emails'] };
const DAYS = ['today', 'yesterday', 'this-week', 'this-month', 'this-year', 'last-week', 'last-month'];
const SORTED = ['-last_activity', '-created', '-updated', 'name', 'status', '-last_email', '-emails', '-contacts'];
const LIMITS = ['10', '50', '100', '500'];

type Kind = Extract<Hint, 'text' | 'status' | 'moment' | 'user' | 'number' | 'template' | 'choice' | 'yes_no'>;
const KINDS = new Map(Object.entries(FIELDS).map(([thing, kinds]) => [thing, new Map(Object.entries(kinds).flatMap(([kind, names]) => names.split(' ').map((name) => [name, kind as Kind] as const)))]));

type Asked = { name: string; order: string };
type Place = { what: 'field' | 'value' | 'comparison'; thing: string; field: Asked; typed: string; from: number; isInList: boolean };

const TOKEN = /\s+|(?:custom\.)?"(?:[^"\\]|\\.)*"?|>=|<=|!=|[()<>=:!,;]|[^\s()":<>=!,;]+/iy;
const VALUE = /\s+|[^\s()"]*custom\."(?:[^"\\]|\\.)*"?[^\s()"]*|"(?:[^"\\]|\\.)*"?|\d{1,3}\s+[a-z]+(?:\s+a[a-z]*)?|\d{1,3}\s+$|[()]|[^\s()"]+/iy;
const isClosed = (token: string) => /^(?:custom\.)?"(?:[^"\\]|\\.)*"$/is.test(token);

/** Reads what stands before the caret; null where nothing is begun, unless a new condition is `wanted` there. */
function placeIn(head: string, isWanted: (head: string) => boolean): Place | null {
  const open: { thing: string; listOf: string | null }[] = [{ thing: 'lead', listOf: null }];
  let said = '';
  let beforeIn = '';
  let asked: Asked | null = null;
  for (let at = 0; at < head.length;) {
    const kind: RegExp = asked ? VALUE : TOKEN;
    kind.lastIndex = at;
    const token: string = kind.exec(head)?.[0] ?? head[at]!;
    const from = at;
    at += token.length;
    const { thing, listOf } = open.at(-1)!;
    const isLast = at === head.length;
    if (/^\s+$/.test(token)) continue;
    if (token === '(') {
      if (said === 'in' && beforeIn) open.push({ thing, listOf: beforeIn });
      else open.push({ thing: thingOf(said, thing), listOf: null });
      said = ''; asked = null;
    } else if (token === ')') {
      if (open.length > 1) open.pop();
      said = ''; asked = null;
    } else if (asked || listOf !== null) {
      if (isLast && token !== ',') return isClosed(token) ? null : { what: 'value', thing, field: asked ?? { name: listOf ?? '', order: 'in' }, typed: token, from, isInList: listOf !== null };
      asked = null;
    } else if (/^[:<>=!]/.test(token)) {
      asked = { name: said, order: token }; said = '';
    } else if (token === ',' || token === ';') said = '';
    else {
      if (isLast) return isClosed(token) ? null : { what: 'field', thing, field: { name: '', order: '' }, typed: token, from, isInList: false };
      if (token.toLowerCase() === 'in') beforeIn = said;
      said = token.toLowerCase() === 'in' ? 'in' : token;
    }
  }
  const { thing, listOf } = open.at(-1)!;
  const here = { thing, typed: '', from: head.length };
  if (asked) return { ...here, what: 'value', field: asked, isInList: false };
  if (listOf !== null) return { ...here, what: 'value', field: { name: listOf, order: 'in' }, isInList: true };
  const isKnown = KINDS.get(thing)?.has(said.toLowerCase()) || /^(custom\.|")/i.test(said);
  if (said && /\s$/.test(head) && (isKnown || !isWanted(head))) return { ...here, what: 'comparison', field: { name: said, order: '' }, isInList: false };
  return isWanted(head) ? { ...here, what: 'field', field: { name: '', order: '' }, isInList: false } : null;
}

/** Behind an opening parenthesis something has to come, so its fields are shown. */
const isOpened = (head: string) => /\(\s*$/.test(head);
/** Where a new condition may begin, when somebody asks for all that there is. */
const mayBegin = (head: string) => /(^|[\s(,])$/.test(head);

function thingOf(said: string, around: string): string {
  const name = said.toLowerCase();
  if (!KINDS.has(name)) return around;
  return name === 'status' && around === 'lead' ? 'lead_status' : name;
}

/** The choices where the caret stands, at most eight, those that begin with what is typed first. */
export const complete = (text: string, caret: number, names: Names): Completion | null => completed(text, caret, names, isOpened);

/** The same when somebody asks for it: also all fields, where nothing is begun yet. */
export const completeAnew = (text: string, caret: number, names: Names): Completion | null => completed(text, caret, names, mayBegin);

function completed(text: string, caret: number, names: Names, isWanted: (head: string) => boolean): Completion | null {
  const place = placeIn(text.slice(0, caret), isWanted);
  if (!place) return null;
  const { from, typed, choices } = place.what === 'field' ? fieldsAt(place, names) : valuesAt(place, names);
  const to = endOf(text, caret, typed);
  const whole = text.slice(from, to);
  const found = ranked(choices, bare(typed)).filter((choice) => choice.text.trim() !== whole && choice.text !== whole + (text[to] ?? '')).slice(0, typed ? MOST : MOST_OF_ALL);
  const isSpaced = place.what !== 'field' && !place.isInList && text[to] !== ')';
  return found.length ? { from, to, choices: found.map((choice) => (isSpaced ? { ...choice, text: `${choice.text} ` } : choice)) } : null;
}

/** The text with a choice put in, and where the caret stands then. A sign that follows already is not doubled. */
export function taken(text: string, { from, to }: Completion, { text: put }: Choice): { text: string; caret: number } {
  const rest = text.slice(to);
  const isThere = rest !== '' && put.endsWith(rest[0]!);
  return { text: text.slice(0, from) + put + rest.slice(isThere ? 1 : 0), caret: from + put.length };
}

/** Where what is typed ends behind the caret: with its word, or with its closing quote. */
function endOf(text: string, caret: number, typed: string): number {
  const rest = text.slice(caret);
  if (!typed) return caret;
  const isQuoteClosed = typed.includes('"') && (rest.match(/"/g) ?? []).length % 2 === 1;
  return caret + (isQuoteClosed ? rest.indexOf('"') + 1 : /^[^\s()":<>=!,;]*/.exec(rest)![0].length);
}

type Offer = { from: number; typed: string; choices: Matched[] };
type Matched = Choice & { keys: string[] };

function fieldsAt({ thing, typed, from }: Place, names: Names): Offer {
  const custom = (names.custom[thing] ?? []).map(({ name, type }): Matched => {
    const label = `custom.${quoted(name, true)}`;
    return { text: label + (isOrdered(kindOfCustom(type)) ? ' ' : ':'), label, hint: 'custom', isDone: false, keys: typed.includes('"') ? [name] : [`custom.${name}`, name] };
  });
  if (typed.includes('"')) return { from, typed: typed.slice(typed.indexOf('"')), choices: custom };
  const fields = [...(KINDS.get(thing) ?? [])].map(([name, kind]) => sayable(name, isOrdered(kind) ? ' ' : ':', kind));
  const inside = (INSIDE[thing] ?? []).map((name) => ({ ...sayable(name, '(', 'inside'), label: `${name}(…)` }));
  const directives = thing === 'lead' ? Object.entries(DIRECTIVES).map(([name, hint]) => sayable(name, ':', hint)) : [];
  if (!typed) fields.sort((a, b) => usualRank(a) - usualRank(b));
  return { from, typed, choices: [...fields, ...(HAS[thing] ? [sayable('has', ':', 'has')] : []), ...directives, ...inside, ...custom] };
}

const usualRank = ({ keys }: Matched) => { const at = USUAL.indexOf(keys[0]!); return at < 0 ? USUAL.length : at; };
const sayable = (name: string, sign: string, hint: Hint): Matched => ({ text: name + sign, label: name + sign.trim(), hint, isDone: false, keys: [name] });
const isOrdered = (kind: Kind | null) => kind === 'moment' || kind === 'number';
const kindOfCustom = (type: string): Kind => (type.startsWith('date') ? 'moment' : type === 'number' || type === 'user' ? type : 'choice');

function valuesAt(place: Place, names: Names): Offer {
  const { thing, field: { name: said, order }, typed, from } = place;
  const name = said.toLowerCase();
  const custom = customCalled(said, names.custom[thing] ?? []);
  const kind = custom ? kindOfCustom(custom.type) : KINDS.get(thing)?.get(name) ?? null;
  const offer = (found: string[], hint: Hint | null = null): Offer => ({ from, typed, choices: found.map((value) => valued(value, hint)) });
  const plain = (found: string[], hint: Hint | null = null): Offer => ({ from, typed, choices: found.map((value) => ({ ...valued(value, hint), text: value })) });
  if (place.what === 'comparison') return { from, typed, choices: comparisons(kind) };
  if (!custom && name === 'in' && order === ':') return offer(names.views);
  if (!custom && name === 'sort') return sortedAt(place, names.custom.lead ?? []);
  if (!custom && name === 'limit') return plain(LIMITS);
  if (!custom && name === 'has') return plain(HAS[thing] ?? []);
  if (kind === 'moment') return plain(order === ':' || order === 'in' ? DAYS : [...agesAt(typed), ...DAYS]);
  if (custom?.choices.length) return offer(custom.choices);
  if (kind === 'user') return offer(['me', ...names.users]);
  if (kind === 'template') return offer(names.templates);
  if (kind === 'yes_no') return plain(['yes', 'no']);
  if (kind === 'status') return offer(name.startsWith('opportunity') || thing === 'opportunity' || thing.startsWith('status') ? names.opportunityStatuses : names.leadStatuses);
  return plain(kind === 'choice' ? CHOICES[`${thing}.${name}`] ?? CHOICES[name] ?? [] : []);
}

const valued = (value: string, hint: Hint | null): Matched => ({ text: quoted(value, false), label: value, hint, isDone: true, keys: [value] });

function comparisons(kind: Kind | null): Matched[] {
  const said: [string, Hint][] = kind === 'moment' ? [['< 30 days ago', 'newer'], ['> 30 days ago', 'older'], ['>= this-month', 'since']] : kind === 'number' ? [['> 0', 'some'], ['= 0', 'none']] : [];
  return said.map(([text, hint]) => ({ text, label: text, hint, isDone: true, keys: [text] }));
}

/** `30 days ago`, or as many as is typed. */
function agesAt(typed: string): string[] {
  const number = /^\d{1,3}/.exec(typed)?.[0];
  return number ? ['days', 'weeks', 'months'].map((unit) => `${number} ${unit} ago`) : ['7 days ago', '30 days ago'];
}

/** The last of the names with commas between; its minus stays. A field of one's own is told by its name, in quotes where it has blanks. */
function sortedAt({ typed, from }: Place, custom: CustomName[]): Offer {
  const start = afterComma(typed);
  const word = typed.slice(start);
  const sign = /^[-+]/.exec(word)?.[0] ?? '';
  const all = [...(KINDS.get('lead') ?? [])].filter(([, kind]) => kind !== 'template' && kind !== 'user').map(([name]) => sign + name);
  const found = word === '' ? SORTED : all;
  const own = custom.map(({ name }): Matched => {
    const label = `${sign}custom.${quoted(name, true)}`;
    return { text: label, label, hint: 'custom', isDone: true, keys: [label.slice(sign.length), `custom.${name}`, name] };
  });
  const plain = found.map((value): Matched => ({ ...valued(value, null), text: value, keys: [value.slice(sign.length)] }));
  return { from: from + start, typed: word.slice(sign.length), choices: [...plain, ...own] };
}

/** Where the last of several values begins; a comma in quotes is part of a name. */
function afterComma(typed: string): number {
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < typed.length; at++) {
    if (typed[at] === '"') isQuoted = !isQuoted;
    else if (typed[at] === ',' && !isQuoted) start = at + 1;
  }
  return start;
}

/** `custom.Source`, `custom."Source CRM"` or `"Source CRM"`. */
function customCalled(said: string, fields: CustomName[]): CustomName | undefined {
  if (!/^custom\.|^"/i.test(said)) return undefined;
  const name = bare(said.replace(/^custom\./i, '')).toLowerCase();
  return fields.find((field) => field.name.toLowerCase() === name);
}

const bare = (typed: string) => (typed.startsWith('"') ? typed.slice(1).replace(/"$/, '').replace(/\\(.)/g, '$1') : typed);
const quoted = (text: string, always: boolean) => (!always && /^[\p{L}\p{N}_][\p{L}\p{N}_@.+-]*$/u.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`);
const folded = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** First what begins with it, then what has a word that does. */
function ranked(choices: Matched[], typed: string): Choice[] {
  const wanted = folded(typed);
  const rank = (key: string) => (folded(key).startsWith(wanted) ? 0 : folded(key).split(/[\s_.\-"/@]+/).some((word) => word.startsWith(wanted)) ? 1 : 2);
  return choices.map(({ keys, ...choice }) => ({ choice, rank: Math.min(...keys.map(rank)) })).filter((one) => one.rank < 2).toSorted((a, b) => a.rank - b.rank).map((one) => one.choice);
}
