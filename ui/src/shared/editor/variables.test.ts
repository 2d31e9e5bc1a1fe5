import { expect, test } from 'vitest';
import { fitting } from './variables';

const ALL = [
  { variable: 'lead.url', meaning: 'Website of the lead' }, { variable: 'contact.emails.N.email', meaning: 'One of the addresses' },
  { variable: 'contact.first_name', meaning: 'First name of the contact' }, { variable: 'signature', meaning: 'Your signature' },
];

test('the most used variables stand first, lists are left out', () => {
  expect(fitting(ALL, '').map(({ variable }) => variable)).toEqual(['contact.first_name', 'signature', 'lead.url']);
});

test('a variable is found by its path and by its meaning', () => {
  expect(fitting(ALL, 'contact.f').map(({ variable }) => variable)).toEqual(['contact.first_name']);
  expect(fitting(ALL, 'website').map(({ variable }) => variable)).toEqual(['lead.url']);
});
