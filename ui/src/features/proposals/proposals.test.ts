import { expect, test } from 'vitest';
import type { Proposal } from '#/shared/api/types';
import { isSettled } from './proposals';

const proposal = (id: string, change: Partial<Proposal> = {}) => ({ id, sender: 'carla@bolt.example', lead_id: 'lead_1', account_id: 'acc_1', ...change }) as Proposal;

test('one decision settles one email', () => {
  expect(isSettled(proposal('a'), proposal('a'), false)).toBe(true);
  expect(isSettled(proposal('b'), proposal('a'), false)).toBe(false);
});
test('a decision about a sender settles all of that sender for that lead', () => {
  expect(isSettled(proposal('b'), proposal('a'), true)).toBe(true);
  expect(isSettled(proposal('b', { lead_id: 'lead_2' }), proposal('a'), true)).toBe(false);
  expect(isSettled(proposal('b', { sender: 'eve@bolt.example' }), proposal('a'), true)).toBe(false);
});
