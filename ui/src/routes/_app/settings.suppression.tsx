import { createFileRoute } from '@tanstack/react-router';
import { isKind } from '#/features/suppression/suppression';
import { SuppressionPage, type Looking } from '#/features/suppression/SuppressionPage';

export const Route = createFileRoute('/_app/settings/suppression')({
  validateSearch: (search: Record<string, unknown>): Looking => ({
    ...(typeof search.q === 'string' && search.q ? { q: search.q } : {}),
    ...(isKind(search.kind) ? { kind: search.kind } : {}),
  }),
  component: Suppression,
});

function Suppression() {
  const navigate = Route.useNavigate();
  return <SuppressionPage looking={Route.useSearch()} onLook={(looking) => void navigate({ search: looking, replace: true })} />;
}
