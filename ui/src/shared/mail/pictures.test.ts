import { expect, test } from 'vitest';
import type { Attachment } from '#/shared/api/types';
import { usedFiles, withContentIds, withPlaces } from './pictures';

const FILES: Attachment[] = [
  { url: 'https://crm.example/api/v1/files/file_1/roof.png/', filename: 'roof.png', size: 3, content_type: 'image/png', content_id: 'roof@postroom', inline_only: true },
  { url: 'https://crm.example/api/v1/files/file_2/plan.pdf/', filename: 'plan.pdf', size: 3, content_type: 'application/pdf' },
];
const SHOWN = '<p>See <img src="/api/v1/files/file_1/roof.png/" alt="roof"></p>';
const SENT = '<p>See <img src="cid:roof@postroom" alt="roof"></p>';

test('a picture goes out by its name inside the email and comes back to its place', () => {
  expect(withContentIds(SHOWN, FILES)).toBe(SENT);
  expect(withPlaces(SENT, FILES)).toBe(SHOWN);
});

test('a picture that was deleted from the text does not travel, a file does', () => {
  expect(usedFiles('<p>See</p>', FILES).map((file) => file.filename)).toEqual(['plan.pdf']);
  expect(usedFiles(SENT, FILES)).toHaveLength(2);
});

test('text without pictures is not touched', () => {
  expect(withContentIds('<p>a<br>b</P>', FILES)).toBe('<p>a<br>b</P>');
});
