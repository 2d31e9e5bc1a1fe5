import { expect, test } from 'vitest';
import { othersWriting } from './othersWriting';

const NOW = Date.parse('2026-11-22T10:00:00Z');
const draft = (user: string, minute: string, status = 'draft') => ({ status, user_id: user, user_name: user.toUpperCase(), date_updated: `2026-11-22T09:${minute}:00Z` }) as never;

test('other people are named once, by their newest draft; own drafts and sent emails count for nothing', () => {
  const found = othersWriting([draft('me', '59'), draft('ben', '20'), draft('ben', '55'), draft('cleo', '10'), draft('dora', '58', 'sent')], 'me', NOW);
  expect(found.map(({ name, isNow }) => [name, isNow])).toEqual([['BEN', true], ['CLEO', false]]);
});
