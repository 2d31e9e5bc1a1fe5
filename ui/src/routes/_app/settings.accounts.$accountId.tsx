import { useQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { AccountPage } from '#/features/accounts/AccountPage';
import { ACCOUNT_TABS, type AccountTab } from '#/features/accounts/tabs';

import { anyLeadQuery } from '#/shared/requests/anyLead';

const isTab = (tab: unknown): tab is AccountTab => ACCOUNT_TABS.includes(tab as AccountTab);

export const Route = createFileRoute('/_app/settings/accounts/$accountId')({
  validateSearch: (search: Record<string, unknown>): { tab?: AccountTab } => (isTab(search.tab) ? { tab: search.tab } : {}),
  component: OneAccount,
});

function OneAccount() {
  const { accountId } = Route.useParams();
  const { tab = 'sync' } = Route.useSearch();
  const navigate = Route.useNavigate();
  const { data: hasLead = true } = useQuery(anyLeadQuery);
  const toFirstContact = () => void navigate({ to: '/leads', search: { new: true } });
  return <AccountPage accountId={accountId} tab={tab} onTab={(next) => void navigate({ search: { tab: next }, replace: true })} {...(hasLead ? {} : { onAddContact: toFirstContact })} onGone={() => void navigate({ to: '/settings/accounts' })} />;
}
