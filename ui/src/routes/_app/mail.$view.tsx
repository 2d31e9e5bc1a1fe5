import { createFileRoute, notFound } from '@tanstack/react-router';
import { useCallback } from 'react';
import { InboxPage, type InboxSearch } from '#/features/inbox/InboxPage';
import { authStateQuery } from '#/shared/requests/authState';
import { inboxQuery } from '#/shared/requests/inboxLists';

const VIEWS = { inbox: 'inbox', snoozed: 'future', done: 'archive' } as const;
type Place = keyof typeof VIEWS;

export const Route = createFileRoute('/_app/mail/$view')({
  params: {
    parse: ({ view }) => { if (!(view in VIEWS)) throw notFound(); return { view: view as Place }; },
    stringify: ({ view }) => ({ view }),
  },
  validateSearch: (search: Record<string, unknown>): InboxSearch => ({
    ...(typeof search.t === 'string' ? { t: search.t } : {}), ...(typeof search.who === 'string' ? { who: search.who } : {}),
  }),
  loaderDeps: ({ search }) => ({ who: search.who }),
  // Starts the request beside the route's own code, without holding up the first paint.
  loader: async ({ context, params, deps }) => {
    const { user } = await context.queryClient.ensureQueryData(authStateQuery);
    if (user) void context.queryClient.prefetchInfiniteQuery(inboxQuery(VIEWS[params.view], deps.who ?? user.id));
  },
  component: MailPage,
});

function MailPage() {
  const { view } = Route.useParams();
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  const onSearch = useCallback((change: InboxSearch, isNewPlace: boolean) => void navigate({ search: change, replace: !isNewPlace }), [navigate]);
  return <InboxPage key={view} view={VIEWS[view]} search={search} onSearch={onSearch} />;
}
