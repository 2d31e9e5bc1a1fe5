import { Button, Group, Skeleton, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '#/shared/parts/ErrorState';
import { notifyDone, notifyError } from '#/shared/parts/notify';
import { Panel, ScrollPage } from '#/shared/parts/Page';
import { DomainRow } from './DomainRow';
import { domainsQuery, sayDomain, unsayDomain, type Answer } from './domains';
import classes from './access.module.css';

/** Which mail domains are the company's own, and why: mail among their people is not logged. */
export function DomainsPage() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const domains = useQuery(domainsQuery);
  const [typed, setTyped] = useState('');
  const say = useMutation({
    mutationFn: async ({ domain, answer }: { domain: string; answer: Answer }) => { await (answer === 'automatic' ? unsayDomain(domain) : sayDomain(domain, answer === 'ours')); },
    onSuccess: () => notifyDone(t('domains.saved')),
    onError: (error) => notifyError(error),
    onSettled: () => queries.invalidateQueries({ queryKey: domainsQuery.queryKey }),
  });
  const add = () => say.mutate({ domain: typed.trim(), answer: 'ours' }, { onSuccess: () => setTyped('') });
  const rows = (isOurs: boolean) => domains.data?.filter((one) => one.is_ours === isOurs).map((one) => <DomainRow key={one.domain} row={one} isBusy={say.isPending} onSay={(answer) => say.mutate({ domain: one.domain, answer })} />) ?? [];
  const others = rows(false);
  return (
    <ScrollPage width="narrow" title={t('domains.title')} hint={t('domains.hint')}>
      {domains.isPending && <Skeleton height={160} radius="md" />}
      {domains.error && <ErrorState error={domains.error} onRetry={() => void domains.refetch()} />}
      {domains.data && (
        <Panel title={t('domains.ours')} hint={t('domains.oursHint')}>
          <ul className={classes.domains}>{rows(true)}</ul>
          <form onSubmit={(event) => { event.preventDefault(); if (typed.trim()) add(); }}>
            <Group align="flex-end" gap="sm" mt="md"><TextInput flex={1} miw={180} label={t('domains.another')} placeholder="example.com" value={typed} onChange={(event) => setTyped(event.currentTarget.value)} /><Button type="submit" variant="default" disabled={!typed.trim()} loading={say.isPending}>{t('domains.add')}</Button></Group>
          </form>
        </Panel>
      )}
      {others.length > 0 && (
        <Panel title={t('domains.others')} hint={t('domains.othersHint')}>
          <ul className={classes.domains}>{others}</ul>
        </Panel>
      )}
    </ScrollPage>
  );
}
