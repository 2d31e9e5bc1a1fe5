import { Anchor, Button, Skeleton, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconBrandApple, IconBrandGoogle, IconBrandWindows, IconBrandYahoo, IconMail, IconSearch, IconServer, type Icon } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account, Provider } from '#/shared/api/types';
import { BackTo } from '#/shared/parts/BackTo';
import { Panel, ScrollPage } from '#/shared/parts/Page';
import { Notice } from '#/shared/parts/Notice';
import { isPlausible } from '#/shared/mail/addresses';
import { AccountForm } from './AccountForm';
import { providerOf } from './discovered';
import { FoundCard } from './FoundCard';
import { OfferedSignIn } from './OfferedSignIn';
import { SignInMissing } from './SignInMissing';
import { offered, providersQuery } from './providers';
import { SignInButton } from './SignInButton';
import { signInKey, signInsQuery, signInsBeside } from './signIns';
import classes from './accounts.module.css';

const SIGNS: Record<string, Icon> = { google: IconBrandGoogle, gmail: IconBrandGoogle, microsoft: IconBrandWindows, outlook: IconBrandWindows, yahoo: IconBrandYahoo, icloud: IconBrandApple, custom: IconServer };

/** First the address: it mostly says where the mailbox is. Else a provider is chosen, or a server typed. */
export function AddAccountPage({ onAdded }: { onAdded: (account: Account) => void }) {
  const { t } = useTranslation();
  const { data: providers } = useQuery(providersQuery);
  const { data: signIns = [] } = useQuery(signInsQuery);
  const [chosen, setChosen] = useState<Provider | null>(null);
  const [words, setWords] = useState('');
  const [email] = useDebouncedValue(words.trim(), 400);
  const named = offered(providers ?? [], words);
  const custom = providers?.find((provider) => provider.key === 'custom') ?? null;
  if (chosen) {
    const isShut = chosen.kind === 'oauth' && !signIns.some((each) => each.provider === signInKey(chosen)); // takes no passwords
    return (
      <ScrollPage width="narrow" title={chosen.key === 'custom' ? t('accounts.custom') : t('accounts.connectTo', { provider: chosen.name })} hint={isShut ? undefined : chosen.hint || undefined}
        actions={<Button variant="default" onClick={() => setChosen(null)}>{t('accounts.otherProvider')}</Button>}>
        {isShut ? <SignInMissing provider={chosen} /> : (
          <>
            <OfferedSignIn provider={chosen} email={words.includes('@') ? words.trim() : ''} />
            {chosen.needs_app_password && <AppPasswordNote provider={chosen} />}
            <AccountForm provider={chosen} startEmail={words.includes('@') ? words.trim() : ''} onAdded={onAdded} />
          </>
        )}
      </ScrollPage>
    );
  }
  return (
    <ScrollPage width="narrow" title={t('accounts.add')} before={<BackTo to="/settings/accounts" />} hint={t('connect.where')}>
      {!providers && <Skeleton h={220} radius={12} />}
      {providers && <TextInput size="md" mb="md" autoFocus inputMode="email" leftSection={<IconSearch size={16} />} aria-label={t('accounts.find')} placeholder={t('accounts.find')} value={words} onChange={(event) => setWords(event.currentTarget.value)} />}
      {isPlausible(email) && isPlausible(words.trim()) && <FoundCard key={email} email={email} onUse={(found) => setChosen(providerOf(found))} onType={() => setChosen(custom)} />}
      {providers && signInsBeside(signIns, words).length > 0 && (
        <div className={classes.signIns}>
          {signInsBeside(signIns, words).map(({ provider, name }) => <SignInButton key={provider} size="md" isSecond wish={{ provider, features: ['sync', 'send'], email: isPlausible(words.trim()) ? words.trim() : '' }}>{t('connect.continueWith', { provider: name })}</SignInButton>)}
        </div>
      )}
      {providers && (
        <div className={classes.cards}>
          {!isPlausible(words.trim()) && named.map((provider) => <ProviderCard key={provider.key} provider={provider} hasSignIn={signIns.some((each) => each.provider === signInKey(provider))} onChoose={setChosen} />)}
          {!isPlausible(words.trim()) && (
            <UnstyledButton className={classes.card} data-whole onClick={() => setChosen(custom)}>
              <span className={classes.cardSign}><IconServer size={22} stroke={1.6} /></span>
              <span><Text size="sm" fw={600}>{t('accounts.custom')}</Text><Text size="xs" c="var(--text-3)">{t('accounts.customHint')}</Text></span>
            </UnstyledButton>
          )}
        </div>
      )}
      <Panel title={t('accounts.whatIsRead')}><Text size="sm" c="var(--text-2)">{t('accounts.whatIsReadText')}</Text></Panel>
    </ScrollPage>
  );
}

function ProviderCard({ provider, hasSignIn, onChoose }: { provider: Provider; hasSignIn: boolean; onChoose: (provider: Provider) => void }) {
  const { t } = useTranslation();
  const Sign = SIGNS[provider.key] ?? IconMail;
  const hint = hasSignIn ? t('connect.cardSignIn') : provider.kind === 'oauth' ? t('connect.cardNeedsAdmin') : provider.needs_app_password ? t('accounts.withAppPassword') : t('accounts.withPassword');
  return (
    <UnstyledButton className={classes.card} onClick={() => onChoose(provider)}>
      <span className={classes.cardSign}><Sign size={22} stroke={1.6} /></span>
      <span><Text size="sm" fw={600}>{provider.name}</Text><Text size="xs" c="var(--text-3)">{hint}</Text></span>
    </UnstyledButton>
  );
}

function AppPasswordNote({ provider }: { provider: Provider }) {
  const { t } = useTranslation();
  return (
    <Notice tone="warn" title={t('accounts.appPassword')}>
      <Text size="sm">{t('accounts.appPasswordText', { provider: provider.name })}{' '}
        {provider.app_password_url && <Anchor size="sm" href={provider.app_password_url} target="_blank" rel="noopener noreferrer">{t('accounts.makeOne')}</Anchor>}
      </Text>
    </Notice>
  );
}
