import { Anchor, Button, Group, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account, Diagnosis } from '#/shared/api/types';
import { notifyDone, notifyError } from '#/shared/parts/notify';
import { Notice } from '#/shared/parts/Notice';
import { fullDate } from '#/shared/time/format';
import { Copied } from './Copied';
import { sendHealth, syncHealth } from './health';
import { diagnosisQuery, makeAdminLink, reconnectAccount, testSaved, type Side } from './mending';
import { SignInAgain } from './SignInAgain';
import { TestResult } from './TestResult';
import classes from './accounts.module.css';

/** What is broken, in plain words and the server's, who mends it, and how it goes on. */
export function Trouble({ account, onServers }: { account: Account; onServers: () => void }) {
  const { t } = useTranslation();
  const isBroken = syncHealth(account).word === 'error' || sendHealth(account).word === 'error' || account.receive_error !== '' || account.send_error !== '';
  const { data } = useQuery({ ...diagnosisQuery(account.id), enabled: isBroken });
  const test = useMutation({ mutationFn: () => testSaved(account.id), onError: (error) => notifyError(error) });
  if (!isBroken || !data) return null;
  const sides: [Side, Diagnosis | null][] = [['receive', data.receive], ['send', data.send]];
  return (
    <>
      {sides.map(([side, found]) => found && (
        <Notice key={side} tone={found.remedy ? 'bad' : 'warn'} title={t(side === 'receive' ? 'shell.cannotReceive' : 'shell.cannotSend', { email: account.email })}>
          <Text size="sm" fw={550}>{found.cause}</Text>
          <Text size="sm" mt={2}>{found.next_step}{found.help_url && <> <Anchor size="sm" href={found.help_url} target="_blank" rel="noopener noreferrer">{t('accounts.howTo')}</Anchor></>}</Text>
          {found.admin_step && <AdminPart account={account} side={side} found={found} />}
          {found.next_try && <Text size="xs" mt={6}>{t('mend.nextTry', { when: fullDate(found.next_try) })}</Text>}
          {side === 'send' && data.waiting > 0 && <Text size="sm" mt={6}>{t('mend.waiting', { count: data.waiting })}</Text>}
          {found.error && <Text size="xs" mt={6}>{t('accounts.serverSaid')} <q>{found.error}</q></Text>}
          <Actions account={account} onServers={onServers} onTest={() => test.mutate()} isTesting={test.isPending} />
        </Notice>
      ))}
      {test.data && <TestResult result={test.data} />}
    </>
  );
}

type ActionProps = { account: Account; onServers: () => void; onTest: () => void; isTesting: boolean };
function Actions({ account, onServers, onTest, isTesting }: ActionProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const again = useMutation({
    mutationFn: () => reconnectAccount(account.id),
    onSuccess: () => { void queries.invalidateQueries({ queryKey: ['accounts'] }); void queries.invalidateQueries({ queryKey: ['diagnosis', account.id] }); notifyDone(t('mend.tried')); },
    onError: (error) => notifyError(error),
  });
  return (
    <Group mt="sm" gap="sm">
      {account.sign_in ? <SignInAgain account={account} /> : <Button size="xs" onClick={onServers}>{t('mend.password')}</Button>}
      <Button size="xs" variant="default" loading={again.isPending} onClick={() => again.mutate()}>{t('mend.again')}</Button>
      <Button size="xs" variant="default" loading={isTesting} onClick={onTest}>{t('accounts.test')}</Button>
    </Group>
  );
}

/** The administrator's part, and a link with nothing but that. */
function AdminPart({ account, side, found }: { account: Account; side: Side; found: Diagnosis }) {
  const { t } = useTranslation();
  const [url, setUrl] = useState('');
  const make = useMutation({ mutationFn: () => makeAdminLink(account.id, side), onSuccess: (link) => setUrl(link.url), onError: (error) => notifyError(error) });
  return (
    <div className={classes.adminPart}>
      <Text size="xs" fw={600}>{t('mend.forAdmin')}</Text>
      <Text size="sm">{found.admin_step}</Text>
      {found.wait_minutes > 0 && <Text size="xs" mt={4}>{t('mend.wait', { count: found.wait_minutes })}</Text>}
      {url ? <div className={classes.adminLink}><Copied text={url} /><Text size="xs" mt={4}>{t('mend.linkEnds')}</Text></div>
        : <Button size="xs" variant="default" mt={8} loading={make.isPending} onClick={() => make.mutate()}>{t('mend.makeLink')}</Button>}
    </div>
  );
}
