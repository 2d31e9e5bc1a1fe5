import { createFileRoute } from '@tanstack/react-router';
import { LeadListPage } from '#/features/leads/LeadListPage';

type Search = { q?: string; new?: true };

export const Route = createFileRoute('/_app/leads/')({
  validateSearch: (search: Record<string, unknown>): Search => ({
    ...(typeof search.q === 'string' && search.q ? { q: search.q } : {}), ...(search.new === true ? { new: true as const } : {}),
  }),
  component: LeadsPage,
});

function LeadsPage() {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  const change = (next: Search) => void navigate({ search: next, replace: true });
  return (
    <LeadListPage words={search.q ?? ''} isAdding={search.new === true}
      onWords={(q) => change(q ? { q } : {})}
      onAdding={(is) => change({ ...(search.q ? { q: search.q } : {}), ...(is ? { new: true as const } : {}) })}
      onOpen={(leadId) => void navigate({ to: '/leads/$leadId', params: { leadId } })} />
  );
}
