/** Drafts, scheduled, outbox, sent and searches in the cache, and how one email moves between them. */
import { infiniteQueryOptions, queryOptions, type QueryClient } from '@tanstack/react-query';
import { get } from '#/shared/api/client';
import type { Mail, MailBox, Page } from '#/shared/api/types';
import { nextSkip, pageSize, withChangedItem, withItem, withoutItem, type Pages } from './pagedLists';

/** `who` is a user's id, or "all"; `account` and `words` narrow. */
export type MailPlace = { box: MailBox; who: string; account: string; words: string };
const mailKey = ({ box, who, account, words }: MailPlace) => ['mail', box, who, account, words] as const;
type MailKey = ReturnType<typeof mailKey>;

const BOX_OF = { draft: 'draft', scheduled: 'scheduled', outbox: 'outbox', error: 'outbox', sent: 'sent', inbox: 'any' } as const;
export const boxOf = (mail: Pick<Mail, 'status'>): MailBox => BOX_OF[mail.status];

const filterOf = ({ box, who, account, words }: MailPlace) => ({ box, user_id: who, ...(account ? { email_account_id: account } : {}), ...(words ? { query: words } : {}) });

export const mailListQuery = (place: MailPlace) => infiniteQueryOptions({
  queryKey: mailKey(place),
  initialPageParam: 0,
  queryFn: ({ pageParam, signal }) => get('/mail/', { query: { ...filterOf(place), _skip: pageParam, _limit: pageSize(pageParam) }, signal }) as Promise<Page<Mail>>,
  getNextPageParam: nextSkip,
  enabled: place.box !== 'any' || place.words !== '',
});

/** One email's line wherever it is now. */
export const mailQuery = (mailId: string) => queryOptions({
  queryKey: ['mailLine', mailId],
  queryFn: async ({ signal }) => (await readMail([mailId], signal))[0] ?? null,
  staleTime: 0,
});

export const mailCountQuery = queryOptions({
  queryKey: ['mailCount'],
  queryFn: ({ signal }) => get('/mail/count/', { signal }),
});

const readMail = async (ids: string[], signal?: AbortSignal) =>
  (await get('/mail/', { query: { box: 'any', user_id: 'all', id__in: ids.join(), _limit: ids.length }, ...(signal ? { signal } : {}) }) as Page<Mail>).data;

const eachList = (queries: QueryClient) => queries.getQueriesData<Pages<Mail>>({ queryKey: ['mail'] }) as unknown as [MailKey, Pages<Mail> | undefined][];
const when = (mail: Mail) => Date.parse(mail.date);

/** Puts an email where its status, author and date say. A search is changed in place only: its words are the server's. */
export function placeMail(queries: QueryClient, mail: Mail): void {
  const { snippet: _, ...line } = mail;
  for (const [key, pages] of eachList(queries)) {
    if (!pages) continue;
    const [, box, who, account, words] = key;
    const isHere = box === boxOf(mail) && (who === 'all' || who === mail.user_id) && (!account || account === mail.email_account_id);
    if (words) {
      queries.setQueryData(key, box === 'any' || isHere ? withChangedItem(pages, mail.id, line) : withoutItem(pages, mail.id));
      continue;
    }
    const rest = withoutItem(pages, mail.id);
    const comesBefore = (other: Mail) => (box === 'scheduled' ? when(other) < when(mail) : when(other) > when(mail));
    queries.setQueryData(key, isHere ? withItem(rest, mail, comesBefore) : rest);
  }
  queries.setQueryData(mailQuery(mail.id).queryKey, mail);
}

export function dropMail(queries: QueryClient, id: string): void {
  for (const [key, pages] of eachList(queries)) if (pages) queries.setQueryData(key, withoutItem(pages, id));
  queries.setQueryData(mailQuery(id).queryKey, null);
}

const AT_ONCE = 100;
/** The server said that these changed: read their lines, and lay each where it belongs. */
export async function refreshMail(queries: QueryClient, ids: string[]): Promise<void> {
  if (!eachList(queries).length || !ids.length) return;
  if (ids.length > AT_ONCE) { await queries.invalidateQueries({ queryKey: ['mail'] }); return; }
  const found = new Map((await readMail(ids)).map((mail) => [mail.id, mail]));
  for (const id of ids) {
    const mail = found.get(id);
    if (mail) placeMail(queries, mail); else dropMail(queries, id);
  }
}
