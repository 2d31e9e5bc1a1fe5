import { createFileRoute, redirect, useRouter } from '@tanstack/react-router';
import { SignInForm } from '#/features/entry/SignInForm';
import { authStateQuery } from '#/shared/requests/authState';

export const Route = createFileRoute('/sign-in')({
  validateSearch: (search: Record<string, unknown>): { next?: string } => (typeof search.next === 'string' && search.next.startsWith('/') && !search.next.startsWith('//') ? { next: search.next } : {}),
  beforeLoad: async ({ context }) => {
    const state = await context.queryClient.fetchQuery(authStateQuery);
    if (state.needs_setup) throw redirect({ to: '/setup' });
    if (state.user) throw redirect({ to: '/' });
    return { isSandbox: state.sandbox };
  },
  component: SignInPage,
});

function SignInPage() {
  const { queryClient, isSandbox } = Route.useRouteContext();
  const { next } = Route.useSearch();
  const { history } = useRouter();
  const enter = () => {
    queryClient.clear();
    history.push(next ?? '/');
  };
  return <SignInForm isSandbox={isSandbox} onSignedIn={enter} />;
}
