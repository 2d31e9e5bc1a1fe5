import { createFileRoute } from '@tanstack/react-router';
import { BulkListPage } from '#/features/bulk/BulkListPage';
import { bulkListQuery } from '#/features/bulk/bulkRequests';

export const Route = createFileRoute('/_app/bulk/')({
  loader: ({ context }) => { void context.queryClient.prefetchInfiniteQuery(bulkListQuery); },
  component: BulkEmails,
});

function BulkEmails() {
  const navigate = Route.useNavigate();
  return <BulkListPage onNew={() => void navigate({ to: '/bulk/new', search: {} })} />;
}
