import { renderHook } from '@testing-library/react';
import { useLayoutEffect } from 'react';
import { expect, test, vi } from 'vitest';
import { keyName, onKeyDown } from './dispatch';
import { holdKeys, releaseKeys } from './heldKeys';
import { KEYMAP } from './keymap';
import { runCommand, useCommands, useFallbackCommands } from './registry';

const press = (key: string, with_: Partial<KeyboardEventInit> = {}) => new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...with_ });

test('no key is bound twice', () => {
  const keys = KEYMAP.flatMap((row) => [...row.keys] as string[]);
  expect(new Set(keys).size).toBe(keys.length);
});

test('no single key is also the start of a sequence', () => {
  const keys = KEYMAP.flatMap((row) => [...row.keys] as string[]);
  const prefixes = keys.filter((key) => key.includes(' ')).map((key) => key.split(' ')[0]!);
  expect(keys.filter((key) => prefixes.includes(key))).toEqual([]);
});

test('? and # are named as typed on every layout', () => {
  expect(keyName(press('?', { shiftKey: true }))).toBe('?');
  expect(keyName(press('#'))).toBe('#');
  expect(keyName(press('D', { shiftKey: true }))).toBe('shift+d');
  expect(keyName(press('k', { metaKey: true }))).toBe('mod+k');
});

test('a mounted command runs by its key, by a sequence, and never while typing', () => {
  const done = vi.fn();
  const inbox = vi.fn();
  const { unmount } = renderHook(() => useCommands({ threadDone: done, goInbox: inbox }));
  addEventListener('keydown', onKeyDown);
  document.body.dispatchEvent(press('e'));
  document.body.dispatchEvent(press('g'));
  document.body.dispatchEvent(press('i'));
  expect(inbox).toHaveBeenCalledTimes(1);
  const input = document.body.appendChild(document.createElement('input'));
  input.dispatchEvent(press('e'));
  unmount();
  document.body.dispatchEvent(press('e'));
  expect(done).toHaveBeenCalledTimes(1);
  removeEventListener('keydown', onKeyDown);
});

test('two keys are one command by when they were pressed, however late the page hears of them', () => {
  const inbox = vi.fn();
  renderHook(() => useCommands({ goInbox: inbox }));
  addEventListener('keydown', onKeyDown);
  const pressAt = (key: string, at: number) => document.body.dispatchEvent(Object.defineProperty(press(key), 'timeStamp', { value: at }));
  pressAt('g', 1000);
  pressAt('i', 2100);
  expect(inbox).not.toHaveBeenCalled();
  pressAt('g', 3000);
  pressAt('i', 3900);
  expect(inbox).toHaveBeenCalledTimes(1);
  removeEventListener('keydown', onKeyDown);
});

test('a command does at once what the page as drawn says', () => {
  const said: number[] = [];
  const { rerender } = renderHook(({ at }) => {
    useCommands({ threadDone: () => said.push(at) });
    useLayoutEffect(() => { runCommand('threadDone'); });
  }, { initialProps: { at: 1 } });
  rerender({ at: 2 });
  expect(said).toEqual([1, 2]);
});

test('letters typed before a field has the focus wait for it and run nothing', () => {
  const done = vi.fn();
  renderHook(() => useCommands({ threadDone: done }));
  addEventListener('keydown', onKeyDown);
  holdKeys();
  for (const key of 'He') document.body.dispatchEvent(press(key));
  expect(releaseKeys()).toBe('He');
  expect(done).not.toHaveBeenCalled();
  removeEventListener('keydown', onKeyDown);
});

test('whoever goes on typing is held for as long, whoever stopped is let go', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const done = vi.fn();
  const { unmount } = renderHook(() => useCommands({ threadDone: done }));
  addEventListener('keydown', onKeyDown);
  holdKeys();
  for (const key of 'Hello there') {
    vi.advanceTimersByTime(500);
    document.body.dispatchEvent(press(key));
  }
  expect(done).not.toHaveBeenCalled();
  vi.advanceTimersByTime(3500);
  document.body.dispatchEvent(press('e'));
  expect(done).toHaveBeenCalledTimes(1);
  removeEventListener('keydown', onKeyDown);
  unmount();
  vi.useRealTimers();
});

test("a page's command wins over its frame's, although the frame mounts last", () => {
  const page = vi.fn();
  const frame = vi.fn();
  renderHook(() => useCommands({ composeNew: page }));
  renderHook(() => useFallbackCommands({ composeNew: frame }));
  runCommand('composeNew');
  expect([page.mock.calls.length, frame.mock.calls.length]).toEqual([1, 0]);
});
