import { Anchor, Button, Checkbox, Group, Loader, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Candidate, Server } from '#/shared/api/types';
import { Notice } from '#/shared/parts/Notice';
import { Panel } from '#/shared/parts/Page';
import { useUser } from '#/shared/requests/authState';
import { discoveryQuery } from './discovered';
import { SignInButton } from './SignInButton';
import { signInKey, signInsQuery, type Feature } from './signIns';
import classes from './accounts.module.css';

type Props = { email: string; onUse: (found: Candidate) => void; onType: () => void };

/** Who keeps the mail of an address, and which servers would be used: shown before anything is sent to them. */
export function FoundCard({ email, onUse, onType }: Props) {
  const { t } = useTranslation();
  const { data, isPending, isError } = useQuery(discoveryQuery(email));
  if (isPending) return <Panel><Group gap="sm" role="status"><Loader size="xs" /><Text size="sm">{t('connect.looking', { email })}</Text></Group></Panel>;
  const best = data?.[0];
  if (isError || !best) {
    return (
      <Panel title={t('connect.nothingFound')} hint={t('connect.nothingFoundHint')}>
        <Button onClick={onType}>{t('connect.typeServers')}</Button>
      </Panel>
    );
  }
  return (
    <>
      <Found email={email} found={best} onUse={onUse} />
      <Button className={classes.typeServers} size="compact-sm" variant="subtle" color="gray" onClick={onType}>{t('connect.typeOthers')}</Button>
      {data.length > 1 && (
        <Panel title={t('connect.alsoFound')} flush>
          <ul className={classes.list}>
            {data.slice(1).map((other) => (
              <li key={other.source} className={classes.other}>
                <div><Text size="sm" fw={550}>{other.name}</Text><Servers found={other} /></div>
                <Button size="xs" variant="default" onClick={() => onUse(other)}>{t('connect.use')}</Button>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}

function Found({ email, found, onUse }: { email: string; found: Candidate; onUse: (found: Candidate) => void }) {
  const { t } = useTranslation();
  const { data: signIns = [] } = useQuery(signInsQuery);
  const key = signInKey(found);
  const signIn = signIns.find((each) => each.provider === (key ?? found.provider));
  const [features, setFeatures] = useState<Feature[]>(['sync', 'send']);
  return (
    <Panel title={found.name} hint={t(`connect.source.${found.source}` as 'connect.source.table')}>
      <Servers found={found} />
      {found.is_foreign && <Notice tone="warn" title={t('connect.foreign')}>{t('connect.foreignHint')}</Notice>}
      {signIn && (
        <>
          <Checkbox.Group value={features} onChange={(chosen) => setFeatures(chosen as Feature[])} label={t('connect.allow')} mt="md">
            <Group gap="lg" mt={8}><Checkbox value="sync" label={t('accounts.receives')} /><Checkbox value="send" label={t('accounts.sends')} /></Group>
          </Checkbox.Group>
          <Group mt="md" gap="sm">
            <SignInButton wish={{ provider: signIn.provider, features, email }}>{t('connect.continueWith', { provider: signIn.name })}</SignInButton>
            {found.needs_app_password && <Button variant="subtle" onClick={() => onUse(found)}>{t('connect.withAppPassword')}</Button>}
          </Group>
          {signIn.admin_consent_url && <Text size="xs" c="var(--text-3)" mt="sm">{t('connect.adminMustAgree')} <Anchor size="xs" href={signIn.admin_consent_url} target="_blank" rel="noopener noreferrer">{t('connect.consentLink')}</Anchor></Text>}
        </>
      )}
      {!signIn && key && <NotRegistered name={found.name} />}
      {!signIn && found.kind !== 'oauth' && <Button mt="md" onClick={() => onUse(found)}>{t(found.needs_app_password ? 'connect.withAppPassword' : 'connect.use')}</Button>}
    </Panel>
  );
}

function NotRegistered({ name }: { name: string }) {
  const { t } = useTranslation();
  const { role } = useUser();
  return (
    <div className={classes.note}>
      <Notice tone="calm" title={t('connect.notRegistered', { provider: name })}>
        {role === 'admin' ? <Link to="/settings/sign-ins">{t('connect.registerIt')}</Link> : t('connect.askAdmin')}
      </Notice>
    </div>
  );
}

function Servers({ found }: { found: Candidate }) {
  const { t } = useTranslation();
  const line = (label: string, server: Server | null) => server && (
    <div><dt>{label}</dt><dd>{server.host}:{server.port} <span>{t(`accounts.encryptionChoice.${server.encryption}`)}</span></dd></div>
  );
  return <dl className={classes.servers}>{line(t('connect.receiving'), found.imap)}{line(t('connect.sending'), found.smtp)}</dl>;
}
