import { ActionIcon, AppShell, Burger, Group, Text } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconCommand } from '@tabler/icons-react';
import { useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useLayoutEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SignedInUser } from '#/shared/api/types';
import { onKeyDown, onKeyGoingIn } from '#/shared/commands/dispatch';
import { afterFirstRows } from '#/shared/parts/afterFirstRows';
import { lateCode } from '#/shared/parts/lateCode';
import { AccountBanner } from './AccountBanner';
import { ConnectionBanner } from './ConnectionBanner';
import { openPalette, useLayers, wantLayers, withLayers } from './layers';
import { Navigation } from './Navigation';
import { useShellCommands } from './useShellCommands';
import classes from './shell.module.css';

const LateLayers = lazy(() => lateCode(() => import('./LateLayers')));

/** Everything around a page: navigation, banners, keys, palette. */
export function AppFrame({ user, children }: { user: SignedInUser; children: ReactNode }) {
  const { t } = useTranslation();
  const [isMenuOpen, menu] = useDisclosure(false);
  const [isHelpOpen, help] = useDisclosure(false);
  const isPhone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const location = useRouterState({ select: (state) => state.location });
  // On a phone an open conversation has its own bar; two bars would leave half a screen for the mail.
  const hasHeader = isPhone && !(location.pathname.startsWith('/mail/') && 't' in location.search);

  useLayoutEffect(() => { // before anything is seen
    addEventListener('keydown', onKeyGoingIn, true);
    addEventListener('keydown', onKeyDown);
    return () => { removeEventListener('keydown', onKeyGoingIn, true); removeEventListener('keydown', onKeyDown); }
  }, []);
  useEffect(() => menu.close(), [location.pathname]); // oxlint-disable-line react/exhaustive-deps -- only a new place closes the menu
  useEffect(() => afterFirstRows(wantLayers), []);
  const areLayersWanted = useLayers((state) => state.areWanted);
  useShellCommands(help.open); // opened twice is open: whoever presses again while it is fetched does not close it

  return (
    <AppShell className={classes.shell} layout="alt" header={{ height: 52, collapsed: !hasHeader }} transitionDuration={0}
      navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: !isMenuOpen } }}>
      <a href="#main" className={classes.skip}>{t('shell.skip')}</a>
      <AppShell.Header hiddenFrom="sm" className={classes.header}>
        <Group h="100%" px="sm" gap="sm" wrap="nowrap">
          <Burger opened={isMenuOpen} onClick={menu.toggle} size="sm" aria-label={t('shell.menu')} />
          <Text fw={650}>Postroom</Text>
          <ActionIcon ml="auto" size={44} aria-label={t('shell.command.appPalette')} onClick={openPalette}><IconCommand size={20} /></ActionIcon>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar} component="nav" aria-label={t('shell.navigation')}>
        <Navigation user={user} isPhone={isPhone} onClose={menu.close} onHelp={() => withLayers(help.open)} />
      </AppShell.Navbar>
      <AppShell.Main id="main" className={classes.main}>
        <div className={classes.stage}>
          <ConnectionBanner />
          <AccountBanner />
          <div className={classes.content}>{children}</div>
        </div>
      </AppShell.Main>
      {areLayersWanted && <Suspense fallback={null}><LateLayers isHelpOpen={isHelpOpen} onHelpClose={help.close} /></Suspense>}
    </AppShell>
  );
}
