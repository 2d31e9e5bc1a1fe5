import { Button, Text } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Provider } from '#/shared/api/types';
import { Panel } from '#/shared/parts/Page';
import { useUser } from '#/shared/requests/authState';
import { Copied } from './Copied';
import classes from './accounts.module.css';

/** Where a provider takes no passwords and Postroom is not registered there: who does what first. */
export function SignInMissing({ provider }: { provider: Provider }) {
  const { t } = useTranslation();
  const isAdmin = useUser().permissions.includes('manage_organization');
  return (
    <Panel>
      <div className={classes.missing}>
        <span className={classes.cardSign}><IconLock size={22} stroke={1.6} /></span>
        <div className={classes.missingText}>
          <Text component="h2" size="md" fw={600}>{t('connect.missingTitle', { provider: provider.name })}</Text>
          <Text size="sm" c="var(--text-2)" mt={4} mb="md">{t(isAdmin ? 'connect.missingAdmin' : 'connect.missingUser', { provider: provider.name })}</Text>
          {isAdmin
            ? <Button renderRoot={(props) => <Link {...props} to="/settings/sign-ins" />}>{t('connect.registerAt', { provider: provider.name })}</Button>
            : <Copied text={`${location.origin}/settings/sign-ins`} />}
        </div>
      </div>
    </Panel>
  );
}
