import { expect, test } from 'vitest';
import { htmlOf, textOf } from './comments';

test('what is typed comes back as it was typed', () => {
  for (const text of ['One line', 'Two\nlines', 'A paragraph\n\nand another', 'a < b & c > d']) expect(textOf({ body: `<body>${htmlOf(text)}</body>` })).toBe(text);
});

test('markup that somebody types is text, not markup', () => {
  expect(htmlOf('<img src=x>')).toBe('<p>&lt;img src=x&gt;</p>');
});

test('a comment that was taken back has no words', () => {
  expect(textOf({ body: null })).toBe('');
});
