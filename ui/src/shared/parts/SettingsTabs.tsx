import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useUser } from '#/shared/requests/authState';
import classes from './parts.module.css';

/** The way between the pages of the settings; what only admins may see is only shown to them. */
export function SettingsTabs() {
  const { t } = useTranslation();
  const tabs = useRef<HTMLElement>(null);
  useEffect(() => tabs.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' }), []); // a telephone shows three of them
  const isAdmin = useUser().permissions.includes('manage_organization');
  return (
    <nav ref={tabs} className={classes.tabs} aria-label={t('access.tabs.label')}>
      <div className={classes.tabGroup}>
        <span className={classes.tabWhose}>{t('preferences.yours')}</span>
        <Tab to="/settings/mail" label={t('access.tabs.preferences')} />
        <Tab to="/settings/shortcuts" label={t('access.tabs.shortcuts')} />
        <Tab to="/settings/security" label={t('access.tabs.security')} />
        <Tab to="/settings/keys" label={t('access.tabs.keys')} />
      </div>
      <div className={classes.tabGroup}>
        <span className={classes.tabWhose}>{t('preferences.everybodys')}</span>
        <Tab to="/settings/people" label={t('access.tabs.people')} />
        <Tab to="/settings/roles" label={t('company.roles.tab')} />
        <Tab to="/settings/groups" label={t('access.tabs.groups')} />
        <Tab to="/settings/fields" label={t('records.setup.tab')} />
        <Tab to="/settings/activities" label={t('company.types.tab')} />
        <Tab to="/settings/links" label={t('company.links.tab')} />
        {isAdmin && <Tab to="/settings/domains" label={t('domains.tab')} />}
        {isAdmin && <Tab to="/settings/webhooks" label={t('developers.tab')} />}
        {isAdmin && <Tab to="/settings/access-log" label={t('access.tabs.log')} />}
      </div>
    </nav>
  );
}

type Place = '/settings/mail' | '/settings/shortcuts' | '/settings/security' | '/settings/keys' | '/settings/domains' | '/settings/webhooks' | '/settings/people' | '/settings/groups' | '/settings/roles' | '/settings/links' | '/settings/fields' | '/settings/activities' | '/settings/access-log';

function Tab({ to, label }: { to: Place; label: string }) {
  return <Link to={to} className={classes.tab} activeProps={{ 'aria-current': 'page' }}>{label}</Link>;
}
