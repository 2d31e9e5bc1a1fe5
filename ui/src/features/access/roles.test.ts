import { expect, test } from 'vitest';
import { asBody } from './roles';

test('a role that sees all leads says so, and names no fields', () => {
  expect(asBody({ name: ' Boss ', permissions: ['export'], sight: 'all', fieldIds: ['cf_1'] })).toEqual({ name: 'Boss', permissions: ['export', 'view_all_leads'] });
});

test('a role that sees assigned leads names the fields that assign them', () => {
  expect(asBody({ name: 'Seller', permissions: ['export', 'view_all_leads'], sight: 'allow_unassigned', fieldIds: ['cf_1'] }))
    .toEqual({ name: 'Seller', permissions: ['export'], visibility_user_lcf_ids: ['cf_1'], visibility_user_lcf_behavior: 'allow_unassigned' });
});

test('who hands out roles sees all leads', () => {
  expect(asBody({ name: 'A', permissions: ['manage_organization'], sight: 'require_assignment', fieldIds: [] }).permissions).toContain('view_all_leads');
});
