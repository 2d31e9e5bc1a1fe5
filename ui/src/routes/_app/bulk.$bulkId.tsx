import { createFileRoute } from '@tanstack/react-router';
import { BulkPage } from '#/features/bulk/BulkPage';
import { bulkQuery } from '#/features/bulk/bulkRequests';

export const Route = createFileRoute('/_app/bulk/$bulkId')({
  loader: ({ context, params }) => { void context.queryClient.prefetchQuery(bulkQuery(params.bulkId)); },
  component: OneBulk,
});

function OneBulk() {
  const { bulkId } = Route.useParams();
  const navigate = Route.useNavigate();
  return <BulkPage key={bulkId} bulkId={bulkId} onAgain={(start) => void navigate({ to: '/bulk/new', search: start })} />;
}
