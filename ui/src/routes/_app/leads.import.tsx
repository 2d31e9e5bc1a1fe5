import { createFileRoute } from '@tanstack/react-router';
import { ImportPage } from '#/features/import/ImportPage';
import { StartPage } from '#/features/import/StartPage';

type Search = { id?: string };

export const Route = createFileRoute('/_app/leads/import')({
  validateSearch: (search: Record<string, unknown>): Search => (typeof search.id === 'string' ? { id: search.id } : {}),
  component: Import,
});

function Import() {
  const { id } = Route.useSearch();
  const navigate = Route.useNavigate();
  const show = (search: Search) => void navigate({ search });
  return id ? <ImportPage key={id} importId={id} onLeave={() => show({})} /> : <StartPage onBrought={(brought) => show({ id: brought })} />;
}
