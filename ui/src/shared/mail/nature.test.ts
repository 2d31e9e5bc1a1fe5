import { expect, test } from 'vitest';
import { nameOf, natureOf } from './nature';

const file = (content_type: string, filename = '') => ({ content_type, filename });

test.each([
  [[file('application/pkcs7-mime', 'smime.p7m')], '', 'smime'], [[file('application/pkcs7-signature', 'smime.p7s')], 'Signed', null], [[file('application/pgp-encrypted')], '', 'pgp'],
  [[], 'BEGIN PGP MESSAGE Version: GnuPG', 'pgp'], [[], 'He wrote BEGIN PGP MESSAGE', null], [[file('application/octet-stream', 'WinMail.dat')], 'see attached', 'winmail'], [[], null, null],
] as const)('%j with "%s" is %s', (files, preview, nature) => {
  expect(natureOf(files, preview)).toBe(nature);
});

test('a file without a name gets one that opens', () => {
  expect([file('text/calendar'), file('message/rfc822'), file('application/x-strange'), file('text/calendar', 'a.ics')].map(nameOf)).toEqual(['invitation.ics', 'email.eml', 'file', 'a.ics']);
});
