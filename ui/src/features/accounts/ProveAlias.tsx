import { Button, Group, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { notifyDone, notifyError } from '#/shared/parts/notify';
import { confirmAlias, proveAlias } from './rules';
import classes from './accounts.module.css';

/** An alias of another domain is used for nothing until the mail server or a mailed code proves it. */
export function ProveAlias({ accountId, email }: { accountId: string; email: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [code, setCode] = useState('');
  const done = () => { void queries.invalidateQueries({ queryKey: ['identities', accountId] }); void queries.invalidateQueries({ queryKey: ['accounts'] }); notifyDone(t('aliases.proven', { email })); };
  const begin = useMutation({ mutationFn: () => proveAlias(accountId, email), onSuccess: ({ is_proven: isProven }) => { if (isProven) done(); }, onError: (error) => notifyError(error) });
  const confirm = useMutation({ mutationFn: () => confirmAlias(accountId, email, code), onSuccess: done, onError: (error) => notifyError(error) });
  const isMailed = begin.data?.is_proven === false;
  return (
    <div className={classes.proof}>
      <Text size="xs">{isMailed ? t('aliases.mailed', { email }) : t('aliases.pending', { email })}</Text>
      <Group gap={8} mt={6}>
        {isMailed && <TextInput size="xs" aria-label={t('aliases.code', { email })} placeholder="0000 0000" value={code} onChange={(event) => setCode(event.currentTarget.value)} inputMode="numeric" autoComplete="one-time-code" />}
        {isMailed && <Button size="xs" disabled={code.replace(/\D/g, '').length !== 8} loading={confirm.isPending} onClick={() => confirm.mutate()}>{t('aliases.confirm')}</Button>}
        <Button size="xs" variant="default" loading={begin.isPending} onClick={() => begin.mutate()}>{t(isMailed ? 'aliases.again' : 'aliases.prove')}</Button>
      </Group>
    </div>
  );
}
