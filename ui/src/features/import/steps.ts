import type { ImportStatus, LeadImport } from '#/shared/api/types';

export const isAtWork = (status: ImportStatus) => status === 'checking' || status === 'running' || status === 'undoing';
export const isOpen = (status: ImportStatus) => status === 'draft' || status === 'checked';

export const percentDone = (one: Pick<LeadImport, 'n_done' | 'n_rows'>) => (one.n_rows ? Math.floor((100 * one.n_done) / one.n_rows) : 0);

/** How many rows a run would take in, as far as a check has told. */
export const importable = (one: Pick<LeadImport, 'status' | 'n_rows' | 'counts'>) =>
  (one.status === 'checked' ? one.counts.created + one.counts.joined : one.n_rows);

const OUTCOMES = ['leads', 'contacts', 'joined', 'skipped', 'failed', 'undone', 'kept'] as const;
export type Shown = (typeof OUTCOMES)[number];

/** The numbers worth showing: what is new always, anything else where there is any. Of what is undone nothing is new. */
export function outcomes(one: Pick<LeadImport, 'status' | 'counts'>): [Shown, number][] {
  const isGone = one.status === 'undone' || one.status === 'undoing';
  return OUTCOMES.filter((name) => (name === 'leads' || name === 'contacts' ? !isGone : one.counts[name] > 0)).map((name) => [name, one.counts[name]]);
}

export const SEPARATORS = [[',', 'comma'], [';', 'semicolon'], ['\t', 'tab'], ['|', 'bar']] as const;

/** Encodings to choose from, by the names that people know; the guessed one is always among them. */
const ENCODINGS: Record<string, string> = {
  'utf-8': 'UTF-8', 'utf-16': 'UTF-16', cp1252: 'Windows-1252', cp1250: 'Windows-1250', cp1251: 'Windows-1251', cp1253: 'Windows-1253', cp1254: 'Windows-1254',
  'iso8859-15': 'ISO 8859-15', 'mac-roman': 'Mac Roman', cp932: 'Shift JIS', gb18030: 'GB 18030', cp950: 'Big5', cp949: 'EUC-KR', cp874: 'Windows-874',
};
export function encodings(current: string) {
  const known = Object.entries(ENCODINGS).map(([value, label]) => ({ value, label }));
  return current in ENCODINGS ? known : [{ value: current, label: current }, ...known];
}

/** The mapping with one column changed; a field that only one column can be leaves the other. */
export function remapped(columns: readonly { target: string }[], index: number, target: string): string[] {
  return columns.map((column, at) => (at === index ? target : column.target === target && target && !SEVERAL.has(target) ? '' : column.target));
}
const SEVERAL = new Set(['contact.email', 'contact.phone', 'contact.mobile', 'contact.url', 'lead.description']);

/** The key of a target's name among the texts, which hold no dots. */
export const targetKey = (target: string) => target.replace('.', '_');
