import { createFileRoute, lazyRouteComponent, notFound } from '@tanstack/react-router';
import { lazy, useCallback } from 'react';
import { InboxPage, type InboxSearch } from '#/features/inbox/InboxPage';
import type { MailSearch } from '#/features/mailLists/MailListPage';
import type { Lead } from '#/shared/api/types';
import { wholeTexts } from '#/shared/i18n';
import { lateCode } from '#/shared/parts/lateCode';
import { authStateQuery } from '#/shared/requests/authState';
import { inboxQuery } from '#/shared/requests/inboxLists';
import { mailListQuery } from '#/shared/requests/mailLists';

/** After the first rows, with the texts that these do not need. */
const withTexts = async <T,>(module: Promise<T>): Promise<T> => { await wholeTexts(); return module; };
const InboxLead = lazy(() => lateCode(() => withTexts(import('#/features/leads/InboxLead')).then((module) => ({ default: module.InboxLead }))));
const leadParts = (lead: Lead) => <InboxLead lead={lead} />;
const VIEWS = { inbox: 'inbox', snoozed: 'future', done: 'archive' } as const;
const BOXES = { drafts: 'draft', scheduled: 'scheduled', outbox: 'outbox', sent: 'sent', search: 'any' } as const;
type View = keyof typeof VIEWS;
type Box = keyof typeof BOXES;
const isView = (place: string): place is View => place in VIEWS;
const isBox = (place: string): place is Box => place in BOXES;
const WORDS = ['t', 'who', 'account', 'q'] as const;

const MailListPage = lazyRouteComponent(() => withTexts(import('#/features/mailLists/MailListPage')), 'MailListPage');

export const Route = createFileRoute('/_app/mail/$view')({
  codeSplitGroupings: [], // with the entry: most visits begin in the Inbox
  params: {
    parse: ({ view }) => { if (!isView(view) && !isBox(view)) throw notFound(); return { view }; },
    stringify: ({ view }) => ({ view }),
  },
  validateSearch: (search: Record<string, unknown>): MailSearch => Object.fromEntries(WORDS.flatMap((name) => (typeof search[name] === 'string' || typeof search[name] === 'number' ? [[name, String(search[name])]] : []))),
  loaderDeps: ({ search: { who, account, q } }) => ({ who, account, q }),
  // Starts the request beside the route's own code, without holding up the first paint.
  loader: async ({ context: { queryClient }, params: { view }, deps }) => {
    const { user } = await queryClient.ensureQueryData(authStateQuery);
    if (!user) return;
    const who = deps.who ?? (view === 'search' ? 'all' : user.id);
    if (isView(view)) void queryClient.prefetchInfiniteQuery(inboxQuery(VIEWS[view], who, deps.account));
    else if (view !== 'search' || deps.q) void queryClient.prefetchInfiniteQuery(mailListQuery({ box: BOXES[view], who, account: deps.account ?? '', words: deps.q ?? '' }));
    if (isBox(view)) await MailListPage.preload?.();
  },
  component: MailPage,
});

function MailPage() {
  const { view } = Route.useParams();
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  const onSearch = useCallback((change: MailSearch | InboxSearch, isNewPlace: boolean) => void navigate({ search: change, replace: !isNewPlace }), [navigate]);
  const go = (to: View | Box) => void navigate({ to: '/mail/$view', params: { view: to }, search: {} });
  if (isView(view)) return <InboxPage key={view} view={VIEWS[view]} search={search} onSearch={onSearch} onFind={() => go('search')} leadParts={leadParts} />;
  return <MailListPage key={view} box={BOXES[view]} search={search} onSearch={onSearch} onLeave={() => go('inbox')} />;
}
