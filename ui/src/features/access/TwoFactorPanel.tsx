import { Button, Divider, Group, Skeleton, Stack, Switch, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Security } from '#/shared/api/types';
import { ConfirmDialog } from '#/shared/parts/ConfirmDialog';
import { notifyError } from '#/shared/parts/notify';
import { Panel } from '#/shared/parts/Page';
import { useUser } from '#/shared/requests/authState';
import { shortDate } from '#/shared/time/format';
import classes from './access.module.css';
import { EnrolSteps } from './EnrolSteps';
import { RecoveryCodes } from './RecoveryCodes';
import { removeTwoFactor, renewRecoveryCodes, requireTwoFactor, securityQuery, sessionsQuery } from './security';

export function TwoFactorPanel() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { data: security } = useQuery(securityQuery);
  const [isEnrolling, setEnrolling] = useState(false);
  const isAdmin = useUser().permissions.includes('manage_organization');
  const refresh = () => Promise.all([securityQuery, sessionsQuery].map((each) => queries.invalidateQueries({ queryKey: each.queryKey })));
  const done = () => { setEnrolling(false); void refresh(); };
  return (
    <Panel title={t('access.twoFactor.title')} hint={t('access.twoFactor.hint')}>
      {!security && <Skeleton height={36} />}
      {security && isEnrolling && <EnrolSteps onDone={done} onCancel={() => setEnrolling(false)} />}
      {security && !isEnrolling && (security.has_two_factor ? <TurnedOn security={security} onChange={() => void refresh()} /> : (
        <div className={classes.line}><Text size="sm">{t('access.twoFactor.off')}</Text><Button onClick={() => setEnrolling(true)}>{t('access.twoFactor.turnOn')}</Button></div>
      ))}
      {security && isAdmin && !isEnrolling && <><Divider my="md" /><Rule security={security} onChange={() => void refresh()} /></>}
    </Panel>
  );
}

function TurnedOn({ security, onChange }: { security: Security; onChange: () => void }) {
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  const off = useMutation({ mutationFn: removeTwoFactor, onSuccess: onChange, onError: (error) => notifyError(error), onSettled: () => setAsking(false) });
  const renew = useMutation({ mutationFn: renewRecoveryCodes, onError: (error) => notifyError(error) });
  if (renew.data) return <RecoveryCodes codes={renew.data.codes} onKept={() => { renew.reset(); onChange(); }} />;
  return (
    <div className={classes.line}>
      <div className={classes.lineText}>
        <Text size="sm" fw={550} c="var(--good)">{t('access.twoFactor.on', { date: security.two_factor_since ? shortDate(security.two_factor_since) : '' })}</Text>
        <Text size="xs" c={security.recovery_codes_left < 3 ? 'var(--warn)' : 'var(--text-3)'}>{t('access.twoFactor.codesLeft', { count: security.recovery_codes_left })}</Text>
      </div>
      <Group gap="sm"><Button variant="default" loading={renew.isPending} onClick={() => renew.mutate()}>{t('access.twoFactor.renewCodes')}</Button><Button variant="default" onClick={() => setAsking(true)}>{t('access.twoFactor.turnOff')}</Button></Group>
      <ConfirmDialog isOpen={isAsking} title={t('access.twoFactor.turnOff')} confirmLabel={t('access.twoFactor.turnOff')} isBusy={off.isPending} onConfirm={() => off.mutate()} onClose={() => setAsking(false)}><Text size="sm">{t('access.twoFactor.turnOffAsk')}</Text></ConfirmDialog>
    </div>
  );
}

function Rule({ security, onChange }: { security: Security; onChange: () => void }) {
  const { t } = useTranslation();
  const rule = useMutation({ mutationFn: requireTwoFactor, onSuccess: onChange, onError: (error) => notifyError(error) });
  const isFirst = !security.has_two_factor && !security.requires_two_factor;
  return (
    <Stack gap={4}>
      <Switch label={t('access.twoFactor.rule')} checked={security.requires_two_factor} disabled={isFirst || rule.isPending} onChange={(event) => rule.mutate(event.currentTarget.checked)} />
      <Text size="xs" c="var(--text-3)">{t(isFirst ? 'access.twoFactor.ruleSelfFirst' : 'access.twoFactor.ruleHint')}</Text>
    </Stack>
  );
}
