import { Button, Text } from '@mantine/core';
import { IconBuilding, IconCheck, IconEye, IconMailPlus, IconUserPlus, type Icon } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Notice } from '#/shared/parts/Notice';
import { ScrollPage } from '#/shared/parts/Page';
import { accountsQuery } from '#/shared/requests/accounts';
import { authStateQuery, useUser } from '#/shared/requests/authState';
import { firstEmailQuery } from '#/shared/requests/firstEmail';
import classes from './entry.module.css';

type Props = { hasLead: boolean; onInvite: () => void; onConnect: () => void; onAddContact: () => void; onSee: (leadId: string) => void; onSkip: () => void };

/** From an empty installation to the first conversation on a lead, in about three minutes. */
export function WelcomePage({ hasLead, onInvite, onConnect, onAddContact, onSee, onSkip }: Props) {
  const { t } = useTranslation();
  const user = useUser();
  const { data: accounts = [] } = useQuery(accountsQuery);
  const { data: state } = useQuery(authStateQuery);
  const hasAccount = accounts.length > 0;
  const { data: email } = useQuery({ ...firstEmailQuery, enabled: hasAccount && hasLead });
  const mayInvite = user.permissions.includes('manage_organization');
  return (
    <ScrollPage width="narrow" title={t('entry.welcome', { name: user.first_name })} hint={`${t('entry.welcomeHint')} ${t('entry.minutes')}`}>
      {state?.sandbox && <Notice tone="calm" title={t('entry.sandboxTitle')}>{t('entry.sandboxNotice')}</Notice>}
      <ol className={classes.steps}>
        <Step icon={IconBuilding} number={1} isDone title={t('entry.organization')} hint={t('entry.organizationDone', { name: user.organization_name })} {...(mayInvite ? { action: t('entry.invitePeople'), onGo: onInvite } : {})} />
        <Step icon={IconMailPlus} number={2} isDone={hasAccount} title={t('entry.connect')} hint={hasAccount ? accounts[0]!.email : t('entry.connectHint')} action={t(hasAccount ? 'entry.connectAnother' : 'entry.connectAction')} onGo={onConnect} isNext={!hasAccount} />
        <Step icon={IconUserPlus} number={3} isDone={hasLead} title={t('entry.addContact')} hint={t('entry.addContactHint')} action={t('entry.addContactAction')} onGo={onAddContact} isNext={hasAccount && !hasLead} />
        <Step icon={IconEye} number={4} isDone={Boolean(email)} title={t('entry.seeIt')} hint={hasAccount && hasLead && !email ? t('entry.seeItWaiting') : t('entry.seeItHint')} isNext={Boolean(email)} {...(email?.lead_id ? { action: t('entry.seeItAction'), onGo: () => onSee(email.lead_id!) } : {})} />
      </ol>
      <Button variant={email ? 'default' : 'subtle'} color={email ? undefined : 'gray'} onClick={onSkip}>{hasAccount && hasLead ? t('entry.goToInbox') : t('entry.skip')}</Button>
    </ScrollPage>
  );
}

type StepProps = { icon: Icon; number: number; isDone: boolean; isNext?: boolean; title: string; hint: string; action?: string; onGo?: () => void };

function Step({ icon: Sign, number, isDone, isNext = false, title, hint, action, onGo }: StepProps) {
  const { t } = useTranslation();
  return (
    <li className={classes.step} data-done={isDone || undefined}>
      <span className={classes.stepSign} aria-hidden>{isDone ? <IconCheck size={20} /> : <Sign size={20} stroke={1.6} />}</span>
      <div className={classes.stepText}>
        <Text fw={600}><span className={classes.stepNumber}>{number}.</span> {title}{isDone && <span className={classes.srOnly}> ({t('entry.stepDone')})</span>}</Text>
        <Text size="sm" c="var(--text-3)" role={isNext ? 'status' : undefined}>{hint}</Text>
      </div>
      {action && <Button variant={isNext ? 'filled' : 'default'} onClick={onGo}>{action}</Button>}
    </li>
  );
}
