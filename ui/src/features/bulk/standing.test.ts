import { describe, expect, it } from 'vitest';
import { dayOf, isUnderWay, narrowed, progress, timeLeft, toneOf, viewQuery } from './standing';

const t = ((key: string, values?: { count?: number }) => `${key}${values?.count ?? ''}`) as never;

describe('a bulk email in words', () => {
  it('has no progress before its recipients are counted, and never a hundred too early', () => {
    expect(progress({ n_objects: null, n_objects_processed: 0, n_sending: 0 })).toBeNull();
    expect(progress({ n_objects: 0, n_objects_processed: 0, n_sending: 0 })).toBe(100);
    expect(progress({ n_objects: 1000, n_objects_processed: 999, n_sending: 1 })).toBe(99);
  });
  it('takes days where the daily limit makes it so', () => {
    expect(timeLeft(86_400, 2, t)).toBe('bulk.left.days2');
    expect(timeLeft(null, 1, t)).toBe('');
    expect(timeLeft(20, 1, t)).toBe('bulk.left.soon');
    expect(timeLeft(61, 1, t)).toBe('bulk.left.minutes2');
    expect(timeLeft(7200, 1, t)).toBe('bulk.left.hours2');
  });
  it('names the day of the daily limit it is in, where one day is not enough', () => {
    const now = new Date('2026-11-22T12:00:00Z');
    expect(dayOf(null, 1, now)).toBeNull();
    expect(dayOf('2026-11-22T11:00:00Z', 1, now)).toBeNull();
    expect(dayOf('2026-11-22T11:00:00Z', 5, now)).toEqual({ day: 1, days: 5 });
    expect(dayOf('2026-11-20T11:00:00Z', 3, now)).toEqual({ day: 3, days: 5 });
    expect(dayOf('2026-11-20T11:00:00Z', 1, now)).toEqual({ day: 3, days: 3 });
  });
  it('goes on by itself where only a limit holds it', () => {
    expect(isUnderWay({ status: 'paused', cause: 'limit' })).toBe(true);
    expect(isUnderWay({ status: 'paused', cause: 'user' })).toBe(false);
  });
  it('is alarming only where a person must act', () => {
    expect(toneOf({ status: 'paused', cause: 'limit', n_failed: 0 })).toBe('warn');
    expect(toneOf({ status: 'paused', cause: 'bounces', n_failed: 9 })).toBe('bad');
    expect(toneOf({ status: 'done', cause: '', n_failed: 0 })).toBe('good');
  });
  it('narrows a query without changing what it meant', () => {
    expect(narrowed('a or b', 'not c')).toBe('(a or b) not c');
    expect(narrowed(' * ', 'not c')).toBe('not c');
    expect(viewQuery('My "best"')).toBe('in:"My \\"best\\""');
  });
});
