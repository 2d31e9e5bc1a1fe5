import { expect, test } from 'vitest';
import type { Webhook } from '#/shared/api/types';
import { eventOf, healthOf, inUtc, KINDS, kindOf } from './webhooks';

const webhook = (given: Partial<Webhook>): Webhook => ({ status: 'active', health_status: 'healthy', date_delivered: null, ...given } as Webhook);

test('a kind of event is read and written as the API has it', () => {
  expect(eventOf('activity.email sent')).toEqual({ object_type: 'activity.email', action: 'sent' });
  expect(kindOf({ object_type: 'lead', action: 'created', extra_filter: null })).toBe('lead created');
});

test('no kind stands in the choice twice, and each names a type and an action', () => {
  const all = Object.values(KINDS).flat();
  expect(new Set(all).size).toBe(all.length);
  for (const kind of all) expect(kind).toMatch(/^[a-z._]+ [a-z]+$/);
});

test('a paused webhook is paused, whatever it did before', () => {
  expect(healthOf(webhook({ status: 'paused', health_status: 'failing' }))).toBe('paused');
  expect(healthOf(webhook({ health_status: 'failing', date_delivered: '2026-01-01T00:00:00' }))).toBe('failing');
  expect(healthOf(webhook({ date_delivered: '2026-01-01T00:00:00' }))).toBe('healthy');
  expect(healthOf(webhook({}))).toBe('waiting');
});

test('dates without a zone are UTC', () => {
  expect(inUtc('2026-01-01T10:00:00.000000')).toBe('2026-01-01T10:00:00.000000Z');
  expect(inUtc('2026-01-01T10:00:00+00:00')).toBe('2026-01-01T10:00:00+00:00');
});
