import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { qrModules, qrPath } from './qr';

const ENROLMENT = 'otpauth://totp/Postroom%20Acme:ann@acme.test?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Postroom%20Acme&algorithm=SHA1&digits=6&period=30';

/** Text, mask, version, and the SHA-256 (first half) of the modules as another encoder (python-qrcode 8.2) makes them. */
const KNOWN = [
  ['otpauth://totp/x', 0, 2, 'c54a5013a8fd3cbf91b692f38c5410bc'],
  ['otpauth://totp/x', 3, 2, '30eea97bf9da8138c7157f3e1808f315'],
  ['otpauth://totp/x', 7, 2, '21c62a0a7afdc323b5e99325fcacfa22'],
  [ENROLMENT, 0, 8, '7db2098164a79f4975f5a8431f3d8341'],
  [ENROLMENT, 3, 8, '7d655f7b7f70aadd5c5df9ba72fddc54'],
  [ENROLMENT, 7, 8, '5626664128b060fa27ac3ce7415039c7'],
  ['a'.repeat(300), 0, 13, '30325af82cf016347fd4d3f7116dab78'],
  ['a'.repeat(300), 3, 13, 'bda9ef4ec2ba069c359abb18b11bb460'],
  ['a'.repeat(300), 7, 13, '6858491b3565ef2d617b3c464c49bf07'],
  ['b'.repeat(660), 0, 20, '602653d92217059a2cc3bb8c06a20ea6'],
  ['b'.repeat(660), 3, 20, 'ec5fbe01a99b7600b30b4d5a84c6f2d6'],
  ['b'.repeat(660), 7, 20, '1dc09f0df56c4396975b1671a415b5a2'],
] as const;

test.each(KNOWN)('the code of %s with mask %i is the one that other encoders make', (text, mask, version, hash) => {
  const modules = qrModules(text, mask);
  expect(modules.length).toBe(4 * version + 17);
  const rows = modules.map((row) => row.map(Number).join('')).join('\n');
  expect(createHash('sha256').update(rows).digest('hex').slice(0, 32)).toBe(hash);
});

test('without a mask one of the eight is chosen, and a text that is too long is refused', () => {
  const chosen = JSON.stringify(qrModules(ENROLMENT));
  expect(Array.from({ length: 8 }, (_, mask) => JSON.stringify(qrModules(ENROLMENT, mask)))).toContain(chosen);
  expect(() => qrModules('x'.repeat(667))).toThrow('too long');
});

test('the drawing has a quiet zone of four modules', () => {
  const { path, size } = qrPath(qrModules('x'));
  expect(size).toBe(29);
  expect(path.startsWith('M4 4h1v1h-1z')).toBe(true);
});
