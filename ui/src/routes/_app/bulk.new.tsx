import { createFileRoute } from '@tanstack/react-router';
import { NewBulkPage, type Start } from '#/features/bulk/NewBulkPage';

const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined);

export const Route = createFileRoute('/_app/bulk/new')({
  validateSearch: (search: Record<string, unknown>): Start => {
    const [view, query, template] = [text(search.view), text(search.query), text(search.template)];
    return { ...(view ? { view } : {}), ...(query ? { query } : {}), ...(template ? { template } : {}) };
  },
  component: NewBulk,
});

function NewBulk() {
  const start = Route.useSearch();
  const navigate = Route.useNavigate();
  return <NewBulkPage key={JSON.stringify(start)} start={start} onDrafted={(bulkId) => void navigate({ to: '/bulk/$bulkId', params: { bulkId } })} />;
}
