import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Provider } from '#/shared/api/types';
import { Notice } from '#/shared/parts/Notice';
import { Panel } from '#/shared/parts/Page';
import { useUser } from '#/shared/requests/authState';
import { SignInButton } from './SignInButton';
import { signInKey, signInsQuery } from './signIns';

/** The provider's own sign-in above the form for passwords; where it is not registered, what an admin does. */
export function OfferedSignIn({ provider, email }: { provider: Provider; email: string }) {
  const { t } = useTranslation();
  const { role } = useUser();
  const { data: signIns } = useQuery(signInsQuery);
  const key = signInKey(provider);
  const signIn = signIns?.find((each) => each.provider === (key ?? provider.key));
  if (signIn) {
    return (
      <Panel>
        <Group justify="space-between" gap="sm">
          <Text size="sm">{t('connect.noPassword')}</Text>
          <SignInButton wish={{ provider: signIn.provider, features: ['sync', 'send'], email }}>{t('connect.continueWith', { provider: signIn.name })}</SignInButton>
        </Group>
      </Panel>
    );
  }
  if (!signIns || !key) return null;
  return (
    <Notice tone="calm" title={t('connect.notRegistered', { provider: provider.name })}>
      {role === 'admin' ? <Link to="/settings/sign-ins">{t('connect.registerIt')}</Link> : t('connect.askAdmin')}
    </Notice>
  );
}
