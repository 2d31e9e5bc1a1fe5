import { Anchor, Button, Group, Skeleton, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OauthClient } from '#/shared/api/types';
import { ConfirmDialog } from '#/shared/parts/ConfirmDialog';
import { ErrorState } from '#/shared/parts/ErrorState';
import { notifyError } from '#/shared/parts/notify';
import { Panel, ScrollPage } from '#/shared/parts/Page';
import { ClientForm } from './ClientForm';
import { Copied } from './Copied';
import { deleteClient, oauthClientsQuery, signInsQuery } from './signIns';
import classes from './accounts.module.css';

const KNOWN = ['google', 'microsoft'] as const;
const OTHER = '';

/** Where an admin registers Postroom at providers, so that users sign in there instead of typing passwords. */
export function ClientsPage() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(oauthClientsQuery);
  const [edited, setEdited] = useState<string | null>(null);
  const free = KNOWN.filter((key) => !data?.data.some((client) => client.provider === key));
  return (
    <ScrollPage width="narrow" title={t('connect.clients')} hint={t('connect.clientsHint')}>
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton h={180} radius={12} />}
      {data && (
        <>
          <Panel title={t('connect.redirect')} hint={t('connect.redirectHint')}><Copied text={data.redirect_uri} /></Panel>
          {data.data.map((client) => (edited === client.provider
            ? <ClientForm key={client.provider} provider={client.provider} client={client} onDone={() => setEdited(null)} />
            : <ClientCard key={client.provider} client={client} onEdit={() => setEdited(client.provider)} />))}
          {edited !== null && !data.data.some((client) => client.provider === edited) && <ClientForm provider={edited} client={null} onDone={() => setEdited(null)} />}
          {edited === null && (
            <Group gap="sm">
              {free.map((key) => <Button key={key} variant="default" onClick={() => setEdited(key)}>{t('connect.register', { provider: t(`accounts.providerName.${key}`) })}</Button>)}
              <Button variant="subtle" onClick={() => setEdited(OTHER)}>{t('connect.registerOther')}</Button>
            </Group>
          )}
        </>
      )}
    </ScrollPage>
  );
}

function ClientCard({ client, onEdit }: { client: OauthClient; onEdit: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  const name = client.name || t(`accounts.providerName.${client.provider}` as 'accounts.providerName.custom', { defaultValue: client.provider });
  const remove = useMutation({
    mutationFn: () => deleteClient(client.provider),
    onSuccess: () => { setIsAsking(false); void queries.invalidateQueries({ queryKey: oauthClientsQuery.queryKey }); void queries.invalidateQueries({ queryKey: signInsQuery.queryKey }); },
    onError: (error) => notifyError(error),
  });
  return (
    <Panel title={name} hint={t('connect.usedBy', { count: client.accounts })}
      actions={<Group gap={6}><Button size="xs" variant="default" onClick={onEdit}>{t('connect.edit')}</Button><Button size="xs" variant="subtle" color="red" onClick={() => setIsAsking(true)}>{t('general.remove')}</Button></Group>}>
      <dl className={classes.servers}>
        <div><dt>{t('connect.clientId')}</dt><dd>{client.client_id}</dd></div>
        <div><dt>{t('connect.secret')}</dt><dd>{t(client.has_secret ? 'connect.secretKept' : 'connect.noSecret')}</dd></div>
        {client.tenant && <div><dt>{t('connect.tenant')}</dt><dd>{client.tenant}</dd></div>}
      </dl>
      {client.admin_consent_url && (
        <div className={classes.consent}>
          <Text size="sm" fw={550}>{t('connect.consentTitle')}</Text>
          <Text size="xs" c="var(--text-3)" mb={6}>{t('connect.consentHint')} <Anchor size="xs" href={client.admin_consent_url} target="_blank" rel="noopener noreferrer">{t('connect.consentLink')}</Anchor></Text>
          <Copied text={client.admin_consent_url} />
        </div>
      )}
      <ConfirmDialog isOpen={isAsking} onClose={() => setIsAsking(false)} title={t('connect.removeTitle', { provider: name })} confirmLabel={t('general.remove')} isBusy={remove.isPending} onConfirm={() => remove.mutate()}>
        <Text size="sm">{t('connect.removeMeans', { count: client.accounts })}</Text>
      </ConfirmDialog>
    </Panel>
  );
}
