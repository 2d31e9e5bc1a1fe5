import { createFileRoute } from '@tanstack/react-router';
import { WhyPage } from '#/features/why/WhyPage';

export const Route = createFileRoute('/_app/settings/why')({
  validateSearch: (search: Record<string, unknown>): { q?: string } => (typeof search.q === 'string' && search.q ? { q: search.q } : {}),
  component: Why,
});

function Why() {
  const { q = '' } = Route.useSearch();
  const navigate = Route.useNavigate();
  return <WhyPage question={q} onAsk={(question) => void navigate({ search: question ? { q: question } : {} })} />;
}
