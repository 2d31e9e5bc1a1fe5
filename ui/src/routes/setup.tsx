import { createFileRoute, redirect, useNavigate } from '@tanstack/react-router';
import { SetUpForm } from '#/features/entry/SetUpForm';
import { authStateQuery } from '#/shared/requests/authState';

export const Route = createFileRoute('/setup')({
  beforeLoad: async ({ context }) => {
    const state = await context.queryClient.fetchQuery(authStateQuery);
    if (!state.needs_setup) throw redirect({ to: '/' });
  },
  component: SetUpPage,
});

function SetUpPage() {
  const { queryClient } = Route.useRouteContext();
  const navigate = useNavigate();
  const enter = async () => {
    queryClient.clear();
    await navigate({ to: '/welcome' });
  };
  return <SetUpForm onDone={() => void enter()} />;
}
