import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Mail } from '#/shared/api/types';
import { mailListQuery, placeMail, refreshMail, type MailPlace } from './mailLists';

const mail = (id: string, day: number, change: Partial<Mail> = {}) => ({
  id, status: 'draft', user_id: 'user_1', email_account_id: 'emailacct_1', date: `2026-11-${String(day).padStart(2, '0')}T10:00:00+00:00`, subject: id, ...change,
}) as Mail;
const at = (change: Partial<MailPlace>): MailPlace => ({ box: 'draft', who: 'user_1', account: '', words: '', ...change });
let queries: QueryClient;
const keep = (place: MailPlace, list: Mail[]) => queries.setQueryData(mailListQuery(place).queryKey, { pageParams: [0], pages: [{ data: list, has_more: false }] });
const shown = (place: MailPlace) => queries.getQueryData<{ pages: { data: Mail[] }[] }>(mailListQuery(place).queryKey)?.pages.flatMap((page) => page.data.map(({ id }) => id));

beforeEach(() => {
  queries = new QueryClient();
  keep(at({}), [mail('b', 20), mail('a', 10)]);
  keep(at({ box: 'scheduled' }), [mail('s', 22, { status: 'scheduled' }), mail('u', 26, { status: 'scheduled' })]);
  keep(at({ box: 'outbox', who: 'all' }), []);
  keep(at({ account: 'emailacct_2' }), []);
  keep(at({ words: 'roof' }), [mail('b', 20)]);
});
afterEach(() => { vi.unstubAllGlobals(); });

test('a draft that is scheduled leaves the drafts and stands by its time', () => {
  placeMail(queries, mail('a', 24, { status: 'scheduled' }));
  expect(shown(at({}))).toEqual(['b']);
  expect(shown(at({ box: 'scheduled' }))).toEqual(['s', 'a', 'u']);
});

test('an email that failed stands in the outbox', () => {
  placeMail(queries, mail('a', 24, { status: 'error' }));
  expect(shown(at({ box: 'outbox', who: 'all' }))).toEqual(['a']);
});

test("neither a coworker's draft nor another account's enters my list", () => {
  placeMail(queries, mail('x', 21, { user_id: 'user_2' }));
  expect(shown(at({}))).toEqual(['b', 'a']);
  expect(shown(at({ account: 'emailacct_2' }))).toEqual([]);
});

test('a search changes what it found, and takes in nothing by itself', () => {
  placeMail(queries, mail('c', 21));
  placeMail(queries, mail('b', 21, { status: 'sent' }));
  expect(shown(at({ words: 'roof' }))).toEqual([]);
  expect(shown(at({}))).toEqual(['c', 'a']);
});

test('what the server no longer has is dropped', async () => {
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ data: [mail('a', 25)], has_more: false })));
  await refreshMail(queries, ['a', 'b']);
  expect(shown(at({}))).toEqual(['a']);
});
