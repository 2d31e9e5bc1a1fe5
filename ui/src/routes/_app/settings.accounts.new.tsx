import { createFileRoute } from '@tanstack/react-router';
import { AddAccountPage } from '#/features/accounts/AddAccountPage';

export const Route = createFileRoute('/_app/settings/accounts/new')({ component: AddAccount });

function AddAccount() {
  const navigate = Route.useNavigate();
  return <AddAccountPage onAdded={(account) => void navigate({ to: '/settings/accounts/$accountId', params: { accountId: account.id } })} />;
}
