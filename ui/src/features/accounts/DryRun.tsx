import { Button, Group, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { post } from '#/shared/api/client';
import type { Account } from '#/shared/api/types';
import { explainError } from '#/shared/parts/explainError';
import { Notice } from '#/shared/parts/Notice';
import { Panel } from '#/shared/parts/Page';
import { count } from '#/shared/time/format';
import { useSaveAccount } from './useSaveAccount';
import classes from './accounts.module.css';

const SHOWN = 12;

/** While syncing is off: what would be logged, by lead. Nothing of it is kept. */
export function DryRun({ account }: { account: Account }) {
  const { t } = useTranslation();
  const save = useSaveAccount(account.id);
  const run = useMutation({ mutationFn: () => post('/connected_account/{account_id}/dry_run/', { at: { account_id: account.id } }) });
  return (
    <Panel title={t('aliases.dryRun')} hint={t('aliases.dryRunHint')}>
      {run.error && <Notice tone="bad">{explainError(run.error, t)}</Notice>}
      {run.data && (
        <div role="status">
          <Text size="sm" fw={600}>{t('aliases.wouldLog', { count: run.data.kept, kept: count(run.data.kept), seen: count(run.data.looked_at) })}</Text>
          <ul className={classes.writingList}>{run.data.leads.slice(0, SHOWN).map((lead) => <li key={lead.lead_id}><Link to="/leads/$leadId" params={{ leadId: lead.lead_id }}>{lead.lead_name}</Link><Text span size="sm">{count(lead.emails)}</Text></li>)}</ul>
          {run.data.leads.length > SHOWN && <Text size="xs" c="var(--text-3)">{t('mend.more', { count: run.data.leads.length - SHOWN })}</Text>}
        </div>
      )}
      <Group mt="sm" gap="sm">
        <Button variant="default" loading={run.isPending} onClick={() => run.mutate()}>{t('aliases.look')}</Button>
        <Button loading={save.isPending} onClick={() => save.mutate({ sync_enabled: true })}>{t('aliases.startSync')}</Button>
      </Group>
    </Panel>
  );
}
