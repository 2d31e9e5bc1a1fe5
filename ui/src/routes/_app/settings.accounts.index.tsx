import { createFileRoute } from '@tanstack/react-router';
import { AccountListPage } from '#/features/accounts/AccountListPage';

/** A provider's sign-in comes back with the account, or with what went wrong. */
type Search = { connected?: string; not_connected?: string };
const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined);

export const Route = createFileRoute('/_app/settings/accounts/')({
  validateSearch: (search: Record<string, unknown>): Search => {
    const connected = text(search.connected);
    const refused = text(search.not_connected);
    return { ...(connected ? { connected } : {}), ...(refused ? { not_connected: refused } : {}) };
  },
  component: Accounts,
});

function Accounts() {
  const { connected, not_connected: notConnected } = Route.useSearch();
  return <AccountListPage connected={connected} notConnected={notConnected} />;
}
