import { createFileRoute } from '@tanstack/react-router';
import { LeadPage } from '#/features/leads/LeadPage';
import { leadQuery } from '#/shared/requests/lead';
import { timelineQuery } from '#/shared/requests/leadThreads';

export const Route = createFileRoute('/_app/leads/$leadId')({
  validateSearch: (search: Record<string, unknown>): { thread?: string; entry?: string } => ({
    ...(typeof search.thread === 'string' ? { thread: search.thread } : {}), ...(typeof search.entry === 'string' ? { entry: search.entry } : {}),
  }),
  loader: ({ context, params }) => {
    void context.queryClient.prefetchQuery(leadQuery(params.leadId));
    void context.queryClient.prefetchInfiniteQuery(timelineQuery(params.leadId));
  },
  component: OneLead,
});

function OneLead() {
  const { leadId } = Route.useParams();
  const { thread, entry } = Route.useSearch();
  const navigate = Route.useNavigate();
  return <LeadPage key={leadId} leadId={leadId} threadId={thread} entryId={entry} onGone={() => void navigate({ to: '/leads', search: {} })} />;
}
