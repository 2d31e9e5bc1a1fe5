import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Account } from '#/shared/api/types';
import { Panel } from '#/shared/parts/Page';
import { SignInButton } from './SignInButton';
import { signInsQuery, type Feature } from './signIns';

const NEEDED: Record<Feature, 'imap' | 'smtp'> = { sync: 'imap', send: 'smtp' };
const FEATURES: Feature[] = ['sync', 'send'];
const has = (account: Account, feature: Feature) => account[NEEDED[feature]] !== null;

function useSignInName(account: Account) {
  const { data: signIns = [] } = useQuery(signInsQuery);
  return signIns.find((each) => each.provider === account.sign_in)?.name ?? account.sign_in;
}

/** The same account at the same provider: what it could do before, it can do again. */
export function SignInAgain({ account }: { account: Account }) {
  const { t } = useTranslation();
  const provider = useSignInName(account);
  return <SignInButton size="xs" wish={{ provider: account.sign_in, features: FEATURES.filter((each) => has(account, each)), account_id: account.id }}>{t('connect.signInAgain', { provider })}</SignInButton>;
}

/** How the account signs in, and what can be added to it: the provider asks for that alone. */
export function SignedInBy({ account }: { account: Account }) {
  const { t } = useTranslation();
  const provider = useSignInName(account);
  const missing = FEATURES.filter((each) => !has(account, each));
  return (
    <Panel>
      <Text size="sm">{t('connect.signedInBy', { provider })}</Text>
      <Group mt="sm" gap="sm">
        <SignInAgain account={account} />
        {missing.map((feature) => <SignInButton key={feature} size="xs" isSecond wish={{ provider: account.sign_in, features: [feature], account_id: account.id }}>{t(feature === 'sync' ? 'connect.addSync' : 'connect.addSend')}</SignInButton>)}
      </Group>
      <Text size="xs" c="var(--text-3)" mt="md">{t('connect.insteadPassword')}</Text>
    </Panel>
  );
}
