/** Everything behind the sign-in: the shell around it, live changes, and the window for writing. */
import { createFileRoute, Outlet, redirect, useNavigate, useRouter } from '@tanstack/react-router';
import { lazy, startTransition, Suspense, useEffect, useState } from 'react';
import { PasswordGate } from '#/features/access/PasswordGate';
import { useKeptPreferences } from '#/features/preferences/useKeptPreferences';
import { AppFrame } from '#/features/shell/AppFrame';
import { useLive } from '#/features/shell/useLive';
import { onSignedOut } from '#/shared/api/client';
import { wholeTexts } from '#/shared/i18n';
import { keptWriting, openComposing, useComposing } from '#/shared/mail/composing';
import { claimKept } from '#/shared/mail/keptHere';
import { afterFirstRows } from '#/shared/parts/afterFirstRows';
import { lateCode } from '#/shared/parts/lateCode';
import { authStateQuery, useUser } from '#/shared/requests/authState';

const loadCompose = () => lateCode(async () => {
  const [module] = await Promise.all([import('#/features/compose/ComposeDock'), wholeTexts()]);
  return { default: module.ComposeDock };
});
const ComposeDock = lazy(loadCompose);

export const Route = createFileRoute('/_app')({
  codeSplitGroupings: [], // with the entry: whoever signs in comes here
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
  const [isRehearsed, setIsRehearsed] = useState(false);
  useLive(user.id);
  const zone = useKeptPreferences();
  useEffect(() => onSignedOut(() => {
    const { queryClient } = router.options.context;
    queryClient.removeQueries({ queryKey: authStateQuery.queryKey });
    void navigate({ to: '/sign-in', search: { next: router.state.location.href } });
  }), [router, navigate]);
  useEffect(() => {
    claimKept(user.id);
    const kept = keptWriting(); // the page was reloaded, or went down, while an email was open
    if (kept) openComposing(kept);
    return afterFirstRows(() => void loadCompose().then(() => startTransition(() => setIsRehearsed(true)), () => undefined)); // writing must open at once
  }, [user.id]);
  return (
    <AppFrame user={user}>
      <Outlet key={zone} />
      <PasswordGate />
      {(wasWritten || isRehearsed) && <Suspense fallback={null}><ComposeDock /></Suspense>}
    </AppFrame>
  );
}
