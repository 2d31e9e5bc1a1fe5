/** The root: only what every page shares, signed in or not. */
import { Center } from '@mantine/core';
import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, Outlet, useNavigate } from '@tanstack/react-router';
import { IconMapQuestion } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { wholeTexts } from '#/shared/i18n';
import { EmptyState } from '#/shared/parts/EmptyState';
import { ErrorState } from '#/shared/parts/ErrorState';

const SAYS_LITTLE = /^\/(mail\/.*)?$/; // the Inbox, whose texts are in the page from the start; other lists of mail bring theirs

export const Route = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  beforeLoad: ({ location }) => (SAYS_LITTLE.test(location.pathname) ? undefined : wholeTexts()),
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: ({ error, reset }) => <ErrorState error={error as Error} onRetry={() => { reset(); location.reload(); }} />,
});

function NotFound() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return <Center h="100%"><EmptyState icon={IconMapQuestion} title={t('shell.notFound.title')} hint={t('shell.notFound.hint')} action={{ label: t('entry.goToInbox'), run: () => void navigate({ to: '/' }) }} /></Center>;
}
