import { createFileRoute } from '@tanstack/react-router';
import { LeadListPage, type LeadSearch } from '#/features/leadList/LeadListPage';

type Search = { q?: string; view?: string; new?: true };

export const Route = createFileRoute('/_app/leads/')({
  validateSearch: (search: Record<string, unknown>): Search => ({
    ...(typeof search.q === 'string' || typeof search.q === 'number' ? { q: String(search.q) } : {}), ...(typeof search.view === 'string' ? { view: search.view } : {}), ...(search.new === true ? { new: true as const } : {}),
  }),
  component: LeadsPage,
});

function LeadsPage() {
  const { new: isNew, ...search } = Route.useSearch();
  const navigate = Route.useNavigate();
  const clean = ({ q, view }: LeadSearch): Search => ({ ...(q === undefined ? {} : { q }), ...(view ? { view } : {}) });
  return (
    <LeadListPage key={search.view ?? ''} search={search} isAdding={isNew === true}
      onSearch={(next) => void navigate({ search: clean(next), replace: true })}
      onAdding={(is) => void navigate({ search: { ...clean(search), ...(is ? { new: true as const } : {}) }, replace: true })}
      onOpen={(leadId) => void navigate({ to: '/leads/$leadId', params: { leadId } })} />
  );
}
