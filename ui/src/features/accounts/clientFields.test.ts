import { expect, test } from 'vitest';
import { clientOf, formOfClient } from './clientFields';

const typed = { ...formOfClient('house', null), client_id: ' abc ', imap: 'mail.x.example', smtp: 'mail.x.example:587' };

test('an empty secret is not sent, so that the one before stays', () => {
  expect(clientOf(typed)).not.toHaveProperty('client_secret');
  expect(clientOf({ ...typed, client_secret: 's' }).client_secret).toBe('s');
});

test('servers are read with their usual encryption', () => {
  expect(clientOf(typed)).toMatchObject({ client_id: 'abc', imap: { host: 'mail.x.example', port: null, encryption: 'tls' }, smtp: { port: 587, encryption: 'starttls' } });
  expect(clientOf({ ...typed, imap: '127.0.0.1:1143', smtp: '' })).toMatchObject({ imap: { encryption: 'none' }, smtp: null });
});
