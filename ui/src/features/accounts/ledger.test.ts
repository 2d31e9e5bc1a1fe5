import { expect, test } from 'vitest';
import type { FolderStatus } from '#/shared/api/types';
import { booksOf } from './ledger';

const folder = (change: Partial<FolderStatus>) => ({ on_server: 100, seen: 100, kept: 40, failed: 1, ...change }) as FolderStatus;

test('what is seen is kept, left out or failed', () => {
  expect(booksOf(folder({}))).toEqual({ kept: 40, leftOut: 59, failed: 1, unread: 0, isEven: true });
});
test('what is not seen yet is named', () => {
  expect(booksOf(folder({ seen: 90 }))).toMatchObject({ unread: 10, leftOut: 49, isEven: false });
});
test('a message deleted since the last pull does not show as less than nothing', () => {
  expect(booksOf(folder({ on_server: 99 }))).toMatchObject({ unread: 0, isEven: false });
});
