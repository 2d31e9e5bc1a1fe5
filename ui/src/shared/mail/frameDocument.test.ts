import { expect, test } from 'vitest';
import { blockedImages, foldQuote } from './frameDocument';

const page = (body: string) => new DOMParser().parseFromString(`<html data-blocked-images="3"><body>${body}</body></html>`, 'text/html');
const folded = (body: string) => {
  const document = page(body);
  foldQuote(document, 'Quoted text');
  return document.querySelector('details')?.textContent;
};

test('the quoted answer is folded with the line that introduces it', () => {
  expect(folded('<p>Yes</p><div>On Monday Ann wrote:</div><blockquote>Shall we?</blockquote>')).toBe('•••On Monday Ann wrote:Shall we?');
});
test('an introduction that is bare text is folded too, and what stands before it is not', () => {
  expect(folded('<p>Yes</p>On Monday Ann wrote:<br><blockquote>Shall we?</blockquote>')).toBe('•••On Monday Ann wrote:Shall we?');
  expect(folded('<p>Yes</p><p>Ann</p><blockquote>Shall we?</blockquote>')).toBe('•••Shall we?');
});
test('a quote with an answer below it stays open', () => {
  expect(folded(`<blockquote>Shall we?</blockquote><p>${'Yes, and here is why. '.repeat(20)}</p>`)).toBeUndefined();
});
test('an email that is only a quote stays open', () => {
  expect(folded('<blockquote>Shall we?</blockquote>')).toBeUndefined();
});
test('quotes answered one by one stay open', () => {
  expect(folded('<p>See below</p><blockquote>First?</blockquote><p>Yes</p><blockquote>Second?</blockquote>')).toBeUndefined();
});
test('the server tells how many images it held back', () => {
  expect(blockedImages(page(''))).toBe(3);
});
