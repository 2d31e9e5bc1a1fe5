import { Button, Group, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SendingDomain } from '#/shared/api/types';
import { ConfirmDialog } from '#/shared/parts/ConfirmDialog';
import { notifyError } from '#/shared/parts/notify';
import { DnsRecord } from './DnsRecord';
import { domainsQuery, makeKeys, removeKeys, switchSigning } from './suppression';
import classes from './suppression.module.css';

/** Keys of our own, for providers that do not sign: made, published, switched on. */
export function SigningKeys({ domain, onChanged }: { domain: SendingDomain; onChanged: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [isRemoving, setIsRemoving] = useState(false);
  const isOn = domain.keys.some((key) => key.is_on);
  const change = useMutation({
    mutationFn: (act: () => Promise<unknown>) => act(),
    onSuccess: async () => { setIsRemoving(false); await queries.invalidateQueries({ queryKey: domainsQuery.queryKey }); onChanged(); },
    onError: (problem) => notifyError(problem),
  });
  if (!domain.keys.length) {
    return (
      <Group gap="sm" className={classes.signing}>
        <Text size="xs" c="var(--text-3)" flex={1} miw={220}>{t('suppression.noKeys')}</Text>
        <Button size="compact-sm" variant="subtle" loading={change.isPending} onClick={() => change.mutate(() => makeKeys(domain.domain))}>{t('suppression.makeKeys')}</Button>
      </Group>
    );
  }
  return (
    <div className={classes.signing}>
      <Group gap="sm" mb={8}>
        <Text size="sm" fw={550} flex={1} miw={220}>{t(isOn ? 'suppression.signing' : 'suppression.notSigning')}</Text>
        <Button size="compact-sm" variant={isOn ? 'default' : 'filled'} loading={change.isPending} onClick={() => change.mutate(() => switchSigning(domain.domain, !isOn))}>{t(isOn ? 'suppression.switchOff' : 'suppression.switchOn')}</Button>
        <Button size="compact-sm" variant="default" onClick={() => setIsRemoving(true)}>{t('suppression.removeKeys')}</Button>
      </Group>
      {!isOn && <Text size="xs" c="var(--text-3)" mb={8}>{t('suppression.publishFirst')}</Text>}
      {!isOn && domain.keys.map((key) => <DnsRecord key={key.selector} name={key.record_name} value={key.record_value} />)}
      <ConfirmDialog isOpen={isRemoving} title={t('suppression.removeKeysTitle', { domain: domain.domain })} confirmLabel={t('suppression.removeKeys')} isBusy={change.isPending} onConfirm={() => change.mutate(() => removeKeys(domain.domain))} onClose={() => setIsRemoving(false)}>
        <Text size="sm">{t('suppression.removeKeysText')}</Text>
      </ConfirmDialog>
    </div>
  );
}
