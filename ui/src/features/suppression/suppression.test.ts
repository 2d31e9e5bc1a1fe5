import { expect, test } from 'vitest';
import type { Finding } from '#/shared/api/types';
import de from '#/shared/i18n/de';
import { isKind, worstOf } from './suppression';

const finding = (state: Finding['state']): Finding => ({ check: 'spf', state, code: 'x', text: '', record_name: '', record_value: '', found: [] });

test('a domain stands as its worst finding', () => {
  expect(worstOf([finding('good'), finding('unknown'), finding('problem'), finding('warning')])).toBe('problem');
  expect(worstOf([finding('good'), finding('unknown')])).toBe('unknown');
  expect(worstOf([finding('good')])).toBe('good');
  expect(worstOf([])).toBeUndefined();
});

test('only the kinds that there are narrow the list', () => {
  expect(isKind('hard_bounce')).toBe(true);
  expect(isKind('everything')).toBe(false);
});

test('every finding that the server may name is told in German too', () => {
  const codes = ['spf_missing', 'spf_several', 'spf_relay_missing', 'spf_relay_unknown', 'spf_lookups', 'spf_all', 'spf_no_end', 'spf_good', 'dkim_differs', 'dkim_record_missing', 'dkim_switched_off', 'dkim_signed_here', 'dkim_of_provider', 'dkim_not_found', 'dmarc_missing', 'dmarc_several', 'dmarc_invalid', 'dmarc_none', 'dmarc_strict', 'dns_silent'];
  expect(Object.keys(de.suppression.finding).sort()).toEqual(codes.sort());
});
