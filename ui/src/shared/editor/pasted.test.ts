import { expect, test } from 'vitest';
import { plainlyStyled } from './pasted';

test.each([
  ['<p style="color:red">Hello <b>you</b></p>', '<p>Hello <b>you</b></p>'],
  ['<b style="font-weight:normal" id="docs-internal-guid-1"><p>One <span style="font-weight:700">two</span></p></b>', '<p>One <span><strong>two</strong></span></p>'],
  ['<span style="font-style: italic; font-weight: bold">x</span>', '<span><em><strong>x</strong></em></span>'],
  ['<style>p{color:red}</style><ul><li STYLE="margin:0">a</li></ul><a href="https://a.example/?style=b">link</a>', '<ul><li>a</li></ul><a href="https://a.example/?style=b">link</a>'],
])('%s keeps what it says, not how it looked', (html, expected) => {
  expect(plainlyStyled(html)).toBe(expected);
});
