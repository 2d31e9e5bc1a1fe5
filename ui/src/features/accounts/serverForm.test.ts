import { expect, test } from 'vitest';
import { formOf, guessAddress, readAddress, withAddress, writeServer } from './serverForm';

test.each([
  ['mail.x.example:993', { host: 'mail.x.example', port: 993 }], [' mail.x.example ', { host: 'mail.x.example', port: null }], ['imaps://mail.x.example:993/', { host: 'mail.x.example', port: 993 }],
  ['[::1]:143', { host: '[::1]', port: 143 }], ['127.0.0.1:10143', { host: '127.0.0.1', port: 10143 }], ['mail.x.example:99999', null], ['mail x', null], ['', null],
])('%s is read as %o', (text, read) => {
  expect(readAddress(text)).toEqual(read);
});

test('typing a port chooses its usual encryption', () => {
  expect(withAddress(formOf(null, 'smtp'), 'mail.x.example:465').encryption).toBe('tls');
  expect(withAddress(formOf(null, 'imap'), 'mail.x.example:143').encryption).toBe('starttls');
  expect(withAddress(formOf(null, 'imap'), 'mail.x.example:10143').encryption).toBe('tls');
});

test('without a port the usual one is taken, without a user name the address', () => {
  const form = { ...formOf(null, 'smtp'), address: 'mail.x.example', password: 'p' };
  expect(writeServer(form, 'smtp', 'me@x.example')).toEqual({ host: 'mail.x.example', port: 587, encryption: 'starttls', username: 'me@x.example', password: 'p' });
});

test('a password that was not typed is not sent', () => {
  expect(writeServer({ ...formOf(null, 'imap'), address: 'mail.x.example' }, 'imap', 'me@x.example')).not.toHaveProperty('password');
});

test('the guess for an unknown domain', () => {
  expect(guessAddress('me@x.example', 'imap')).toBe('imap.x.example:993');
  expect(guessAddress('me', 'imap')).toBe('');
});
