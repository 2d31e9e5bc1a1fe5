import { createFileRoute } from '@tanstack/react-router';
import { SignaturePage } from '#/features/signature/SignaturePage';

export const Route = createFileRoute('/_app/settings/signature')({
  validateSearch: (search: Record<string, unknown>): { account?: string } => (typeof search.account === 'string' ? { account: search.account } : {}),
  component: Signature,
});

function Signature() {
  const { account } = Route.useSearch();
  const navigate = Route.useNavigate();
  return <SignaturePage accountId={account} onAccount={(next) => void navigate({ search: next ? { account: next } : {}, replace: true })} />;
}
