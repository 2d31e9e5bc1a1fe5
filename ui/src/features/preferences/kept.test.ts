import { expect, test } from 'vitest';
import { AS_IT_COMES } from '#/shared/preferences';
import { changesBetween, toChosen, toKept, withChanges } from './kept';

const LOOK = { language: 'en', theme: 'auto' };

test('only what has changed is sent', () => {
  const before = toKept(AS_IT_COMES, LOOK);
  expect(changesBetween(before, toKept({ ...AS_IT_COMES }, LOOK))).toEqual({});
  const after = toKept({ ...AS_IT_COMES, undoSeconds: 20, shortcuts: { threadDone: 'y' } }, { ...LOOK, theme: 'dark' });
  expect(changesBetween(before, after)).toEqual({ undo_seconds: 20, shortcuts: { threadDone: 'y' }, theme: 'dark' });
});

test('what the server does not know is as the page comes', () => {
  const nothing = { language: null, theme: null, undo_seconds: null, after_done: null, signature: null, shortcuts: {}, image_senders: [], density: null, dark_mail: null, zone_by: null, time_zone: 'UTC' };
  expect(toChosen(nothing as never)).toEqual(AS_IT_COMES);
});

test('a zone chosen by hand holds on every device, any other is the one of the device', () => {
  const kept = { shortcuts: {}, image_senders: [], time_zone: 'Asia/Tokyo' };
  expect(toChosen({ ...kept, zone_by: 'hand' } as never).zone).toBe('Asia/Tokyo');
  expect(toChosen({ ...kept, zone_by: 'device' } as never).zone).toBeNull();
  expect(toKept({ ...AS_IT_COMES, zone: 'Asia/Tokyo' }, LOOK)).toMatchObject({ zone_by: 'hand', time_zone: 'Asia/Tokyo' });
  expect(toKept(AS_IT_COMES, LOOK)).toMatchObject({ zone_by: 'device', time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone });
});

test('what is changed before the server has answered stays, and what only the server has stays beside it', () => {
  const kept = { undo_seconds: 30, shortcuts: { threadDone: 'y', appHelp: 'q', goWhy: 'w' }, image_senders: ['a@x.example', 'b@x.example'], time_zone: 'UTC' } as never;
  const here = { ...AS_IT_COMES, shortcuts: { threadDone: 'y' }, imageSenders: ['a@x.example'] };
  const before = toKept(here, LOOK);
  expect(withChanges(kept, before, toKept({ ...here }, LOOK))).toEqual(kept);
  const after = toKept({ ...here, density: 'compact', shortcuts: { appHelp: 'm' }, imageSenders: ['c@x.example'] }, { ...LOOK, theme: 'dark' });
  expect(withChanges(kept, before, after)).toEqual({
    undo_seconds: 30, density: 'compact', theme: 'dark', time_zone: 'UTC', shortcuts: { appHelp: 'm', goWhy: 'w' }, image_senders: ['b@x.example', 'c@x.example'],
  });
});
