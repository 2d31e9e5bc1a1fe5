/** The root: only what every page shares, signed in or not. */
import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, Outlet } from '@tanstack/react-router';
import { wholeTexts } from '#/shared/i18n';
import { ErrorState } from '#/shared/parts/ErrorState';
import { NotFound } from '#/shared/parts/NotFound';

const SAYS_LITTLE = /^\/(mail\/.*)?$/; // the Inbox, whose texts are in the page from the start; other lists of mail bring theirs

export const Route = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  beforeLoad: ({ location }) => (SAYS_LITTLE.test(location.pathname) ? undefined : wholeTexts()),
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: ({ error, reset }) => <ErrorState error={error as Error} onRetry={() => { reset(); location.reload(); }} />,
});
