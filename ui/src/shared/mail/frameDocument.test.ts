import { expect, test } from 'vitest';
import { blockedImages, fittingZoom, flagLinks, foldQuote, prepareFrame } from './frameDocument';

const parsed = (body: string) => new DOMParser().parseFromString(`<html data-blocked-images="3"><body>${body}</body></html>`, 'text/html');
const folded = (body: string) => {
  const document = parsed(body);
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
  expect(blockedImages(parsed(''))).toBe(3);
});

test('what stands behind the mark of the server is folded, also outside of its element', () => {
  const page = parsed('<div><p>Mine</p><span title="postroom-quote"></span><hr><div>From: Zoe</div></div><p>Old</p>');
  foldQuote(page, 'Quoted text');
  const folded = page.querySelector('details')!;
  expect(folded.textContent).toBe('•••From: ZoeOld');
  expect(page.body.textContent?.startsWith('Mine')).toBe(true);
});

test('a mark with nothing behind it folds nothing', () => {
  const page = parsed('<p>Mine</p><span title="postroom-quote"></span>');
  foldQuote(page, 'Quoted text');
  expect(page.querySelector('details')).toBeNull();
});

test.each([
  ['<a href="https://evil.example/login">www.bank.example</a>', 1], ['<a href="https://evil.example">https://bank.example/pay</a>', 1],
  ['<a href="https://www.bank.example/x">bank.example</a>', 0], ['<a href="https://pay.bank.example/x">bank.example</a>', 0], ['<a href="https://evil.example">Pay now</a>', 0], ['<a href="mailto:a@x.example">bank.example</a>', 0],
])('a link that shows another address than its own is marked: %s', (html, count) => {
  const page = parsed(html);
  expect(flagLinks(page, (shown, real) => `${shown} → ${real}`)).toBe(count);
  expect(page.querySelectorAll('span[title*="→"]')).toHaveLength(count);
});

test.each([[600, 600, 1], [600, 480, 0.8], [600, 700, 1], [1400, 478, 0.55], [600, 0, 1]])('an email %i wide in a place of %i is drawn at %f', (wide, room, zoom) => {
  expect(fittingZoom(wide, room)).toBe(zoom);
});

test('a click on an address in an email is told of, a click on a link is not', () => {
  const page = parsed('<a href="mailto:ann@x.example">Ann</a><a href="https://x.example" target="_blank">x</a>');
  const told: string[] = [];
  const stop = prepareFrame(page, { onHeight: () => undefined, onKeyDown: () => undefined, onMailTo: (href) => told.push(href) });
  const clicks = [...page.querySelectorAll('a')].map((link) => { const click = new Event('click', { bubbles: true, cancelable: true }); link.dispatchEvent(click); return click.defaultPrevented; });
  stop();
  expect([told, clicks]).toEqual([['mailto:ann@x.example'], [true, false]]);
});
