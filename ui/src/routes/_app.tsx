/** Everything behind the sign-in: the shell around it, live changes, and the window for writing. */
import { createFileRoute, Outlet, redirect, useNavigate, useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import { PasswordDialog } from '#/features/access/PasswordDialog';
import { useKeptPreferences } from '#/features/preferences/useKeptPreferences';
import { AppFrame } from '#/features/shell/AppFrame';
import { useLive } from '#/features/shell/useLive';
import { onSignedOut } from '#/shared/api/client';
import { keptWriting, openComposing, useComposing } from '#/shared/mail/composing';
import { authStateQuery, useUser } from '#/shared/requests/authState';

const loadCompose = () => import('#/features/compose/ComposeDock').then((module) => ({ default: module.ComposeDock }));
const ComposeDock = lazy(loadCompose);
const LIST_FIRST_MS = 2500; // the editor must not compete with the first rows

export const Route = createFileRoute('/_app')({
  beforeLoad: async ({ context, location }) => {
    const state = await context.queryClient.ensureQueryData(authStateQuery);
    if (state.needs_setup) throw redirect({ to: '/setup' });
    if (state.user?.must_enrol) throw redirect({ to: '/two-factor' });
    if (!state.user) throw redirect({ to: '/sign-in', search: location.pathname === '/' ? {} : { next: location.href } });
  },
  component: SignedIn,
});

function SignedIn() {
  const user = useUser();
  const router = useRouter();
  const navigate = useNavigate();
  const wasWritten = useComposing((state) => state.wasUsed);
  useLive();
  useKeptPreferences();
  useEffect(() => onSignedOut(() => {
    const { queryClient } = router.options.context;
    queryClient.removeQueries({ queryKey: authStateQuery.queryKey });
    void navigate({ to: '/sign-in', search: { next: router.state.location.href } });
  }), [router, navigate]);
  useEffect(() => {
    // Writing must open at once: the editor is fetched while the browser is idle.
    const idle = window.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 1500));
    const timer = setTimeout(() => idle(() => void loadCompose()), LIST_FIRST_MS);
    const kept = keptWriting(); // the page was reloaded, or went down, while an email was open
    if (kept) openComposing(kept);
    return () => clearTimeout(timer);
  }, []);
  return (
    <AppFrame user={user}>
      <Outlet />
      <PasswordDialog />
      {wasWritten && <Suspense fallback={null}><ComposeDock /></Suspense>}
    </AppFrame>
  );
}
