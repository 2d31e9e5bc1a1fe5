import { expect, test } from 'vitest';
import { fillLink } from './fillLink';

const lead = { id: 'lead_1', name: 'Bluth & Sons', custom: { 'Tax id': 'DE 7' } };
const contact = { name: 'Gob Oscar Bluth', emails: [{ email: 'gob@bluth.example' }] };

test('values stand encoded in the address', () => {
  expect(fillLink('https://x.example/?q={{ lead.name }}&id={{lead.id}}', { lead })).toBe('https://x.example/?q=Bluth%20%26%20Sons&id=lead_1');
  expect(fillLink('https://x.example/{{contact.first_name}}/{{ contact.last_name }}/{{contact.email}}', { contact })).toBe('https://x.example/Gob/Oscar%20Bluth/gob%40bluth.example');
  expect(fillLink('https://x.example/{{ lead.custom.Tax id }}', { lead })).toBe('https://x.example/DE%207');
});

test('what is unknown leaves nothing, and a value cannot become another address', () => {
  expect(fillLink('https://x.example/{{ lead.nothing }}{{ contact.name }}', { lead })).toBe('https://x.example/');
  expect(fillLink('https://{{ lead.name }}.example/', { lead: { name: 'evil.test/#' } })).toBe('https://evil.test%2F%23.example/');
});
