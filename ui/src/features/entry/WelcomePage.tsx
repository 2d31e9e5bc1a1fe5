import { Button, Text } from '@mantine/core';
import { IconCheck, IconMailPlus, IconUserPlus, type Icon } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ScrollPage } from '#/shared/parts/Page';
import { accountsQuery } from '#/shared/requests/accounts';
import classes from './entry.module.css';

type Props = { firstName: string; hasLead: boolean; onConnect: () => void; onAddContact: () => void; onSkip: () => void };

/** The two steps between an empty installation and a useful one. */
export function WelcomePage({ firstName, hasLead, onConnect, onAddContact, onSkip }: Props) {
  const { t } = useTranslation();
  const { data: accounts = [] } = useQuery(accountsQuery);
  const hasAccount = accounts.length > 0;
  return (
    <ScrollPage width="narrow" title={t('entry.welcome', { name: firstName })} hint={t('entry.welcomeHint')}>
      <ol className={classes.steps}>
        <Step icon={IconMailPlus} number={1} isDone={hasAccount} title={t('entry.connect')} hint={hasAccount ? accounts[0]!.email : t('entry.connectHint')} action={t('entry.connectAction')} onGo={onConnect} isNext={!hasAccount} />
        <Step icon={IconUserPlus} number={2} isDone={hasLead} title={t('entry.addContact')} hint={t('entry.addContactHint')} action={t('entry.addContactAction')} onGo={onAddContact} isNext={hasAccount} />
      </ol>
      <Button variant="subtle" color="gray" onClick={onSkip}>{hasAccount && hasLead ? t('entry.goToInbox') : t('entry.skip')}</Button>
    </ScrollPage>
  );
}

type StepProps = { icon: Icon; number: number; isDone: boolean; isNext: boolean; title: string; hint: string; action: string; onGo: () => void };

function Step({ icon: Sign, number, isDone, isNext, title, hint, action, onGo }: StepProps) {
  const { t } = useTranslation();
  return (
    <li className={classes.step} data-done={isDone || undefined}>
      <span className={classes.stepSign} aria-hidden>{isDone ? <IconCheck size={20} /> : <Sign size={20} stroke={1.6} />}</span>
      <div className={classes.stepText}>
        <Text fw={600}><span className={classes.stepNumber}>{number}.</span> {title}{isDone && <span className={classes.srOnly}> ({t('entry.stepDone')})</span>}</Text>
        <Text size="sm" c="var(--text-3)">{hint}</Text>
      </div>
      <Button variant={isNext && !isDone ? 'filled' : 'default'} onClick={onGo}>{action}</Button>
    </li>
  );
}
