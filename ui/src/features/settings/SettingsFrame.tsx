import { Button, Popover, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconSettings } from '@tabler/icons-react';
import { Link, useRouterState } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { SETTINGS_GROUPS, settingsPlaceAt, settingsPlacesFor, type SettingsPlace } from '#/shared/parts/settingsPlaces';
import { useUser } from '#/shared/requests/authState';
import classes from './settings.module.css';

const ALONE = '/settings/accounts/new'; // a way with an end: nothing beside it leads elsewhere

/** The settings' own column beside the open page; on a telephone one button above it. */
export function SettingsFrame({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const [isOpen, choices] = useDisclosure(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const places = settingsPlacesFor(useUser().permissions);
  const here = path === ALONE ? undefined : settingsPlaceAt(path);
  if (!here) return children;
  const mark = (place: SettingsPlace) => (place === here ? ({ 'aria-current': path === place.to ? 'page' : 'true' } as const) : {});
  const groups = SETTINGS_GROUPS.map((group) => (
    <div key={group} className={classes.group}>
      <Text className={classes.whose}>{t(`settings.group.${group}`)}</Text>
      {places.filter((place) => place.group === group).map((place) => <Link key={place.to} to={place.to} className={classes.place} onClick={choices.close} {...mark(place)}>{t(`settings.place.${place.name}`)}</Link>)}
    </div>
  ));
  return (
    <div className={classes.frame}>
      <nav className={classes.column} aria-label={t('settings.label')}>{groups}</nav>
      <div className={classes.small}>
        <Popover opened={isOpen} onChange={choices.toggle} position="bottom-start" width={280} trapFocus returnFocus shadow="md">
          <Popover.Target><Button variant="subtle" color="gray" size="md" h={44} leftSection={<IconSettings size={17} />} rightSection={<IconChevronDown size={15} />} onClick={choices.toggle}>{t('settings.label')}</Button></Popover.Target>
          <Popover.Dropdown className={classes.choices} aria-label={t('settings.label')}>{groups}</Popover.Dropdown>
        </Popover>
      </div>
      <div className={classes.pane}>{children}</div>
    </div>
  );
}
