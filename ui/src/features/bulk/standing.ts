/** What a bulk email's numbers mean for the page: how far it is, what its dot says, how long it takes. */
import type { TFunction } from 'i18next';
import type { BulkEmail } from '#/shared/api/types';

export type Tone = 'good' | 'warn' | 'bad' | 'off';

export const isOver = (status: BulkEmail['status']) => status === 'done' || status === 'cancelled' || status === 'error';
export const isMoving = (status: BulkEmail['status']) => status === 'created' || status === 'loading' || status === 'processing' || status === 'resuming';

/** Per cent of the recipients that are settled; null until they are counted. */
export function progress(batch: Pick<BulkEmail, 'n_objects' | 'n_objects_processed' | 'n_sending'>): number | null {
  if (batch.n_objects === null) return null;
  if (!batch.n_objects) return 100;
  return Math.min(100, Math.floor((batch.n_objects_processed * 100) / batch.n_objects));
}

export function toneOf(batch: Pick<BulkEmail, 'status' | 'cause' | 'n_failed'>): Tone {
  if (batch.status === 'error') return 'bad';
  if (batch.status === 'paused') return batch.cause === 'user' || batch.cause === 'limit' ? 'warn' : 'bad';
  if (batch.status === 'cancelled' || batch.status === 'draft') return 'off';
  return batch.status === 'done' && batch.n_failed > 0 ? 'warn' : 'good';
}

/** Whether it will go on without a person: then it matters how long it takes. */
export const isUnderWay = (batch: Pick<BulkEmail, 'status' | 'cause'>) => isMoving(batch.status) || (batch.status === 'paused' && batch.cause === 'limit');

/** The day of the provider's limit that a batch is in, and how many it takes; null where one day is enough. */
export function dayOf(started: string | null, daysLeft: number, now: Date): { day: number; days: number } | null {
  const day = started ? Math.floor(Math.max(0, now.getTime() - new Date(started).getTime()) / (24 * HOUR * 1000)) + 1 : 1;
  return day + daysLeft - 1 > 1 ? { day, days: day + daysLeft - 1 } : null;
}

const MINUTE = 60;
const HOUR = 3600;

/** "about 3 minutes"; days where the provider's daily limit makes it days; "" while nobody knows. */
export function timeLeft(seconds: number | null, days: number, t: TFunction): string {
  if (days > 1) return t('bulk.left.days', { count: days });
  if (seconds === null) return '';
  if (seconds < MINUTE) return t('bulk.left.soon');
  return seconds < HOUR ? t('bulk.left.minutes', { count: Math.ceil(seconds / MINUTE) }) : t('bulk.left.hours', { count: Math.ceil(seconds / HOUR) });
}

/** A query with a condition added that must hold as well. */
export const narrowed = (query: string, condition: string) => (query.trim() && query.trim() !== '*' ? `(${query.trim()}) ${condition}` : condition);

/** A Smart View in words of the query language. */
export const viewQuery = (name: string) => `in:"${name.replace(/\\/g, '\\\\').replace(/"/g, '\\"')}"`;
