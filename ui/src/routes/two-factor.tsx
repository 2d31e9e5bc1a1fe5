/** Where everybody goes first whose organization asks for a second factor that is not set up yet. */
import { createFileRoute, redirect, useNavigate } from '@tanstack/react-router';
import { EnrolPage } from '#/features/access/EnrolPage';
import { authStateQuery } from '#/shared/requests/authState';

export const Route = createFileRoute('/two-factor')({
  beforeLoad: async ({ context }) => {
    const { user } = await context.queryClient.fetchQuery(authStateQuery);
    if (!user) throw redirect({ to: '/sign-in' });
    if (!user.must_enrol) throw redirect({ to: '/settings/security' });
  },
  component: TwoFactor,
});

function TwoFactor() {
  const { queryClient } = Route.useRouteContext();
  const navigate = useNavigate();
  return <EnrolPage onDone={() => { queryClient.clear(); void navigate({ to: '/' }); }} />;
}
