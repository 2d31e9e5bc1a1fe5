import { expect, test } from 'vitest';
import { AS_IT_COMES } from '#/shared/preferences';
import { changesBetween, toChosen, toKept } from './kept';

const LOOK = { language: 'en', theme: 'auto' };

test('only what has changed is sent', () => {
  const before = toKept(AS_IT_COMES, LOOK);
  expect(changesBetween(before, toKept({ ...AS_IT_COMES }, LOOK))).toEqual({});
  const after = toKept({ ...AS_IT_COMES, undoSeconds: 20, shortcuts: { threadDone: 'y' } }, { ...LOOK, theme: 'dark' });
  expect(changesBetween(before, after)).toEqual({ undo_seconds: 20, shortcuts: { threadDone: 'y' }, theme: 'dark' });
});

test('what the server does not know is as the page comes', () => {
  const nothing = { language: null, theme: null, undo_seconds: null, after_done: null, signature: null, shortcuts: {}, image_senders: [], time_zone: 'UTC' };
  expect(toChosen(nothing as never)).toEqual(AS_IT_COMES);
});
