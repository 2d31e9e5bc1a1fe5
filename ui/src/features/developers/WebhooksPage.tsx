import { Button, Skeleton, Text } from '@mantine/core';
import { IconPlus, IconWebhook } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Webhook } from '#/shared/api/types';
import { ConfirmDialog } from '#/shared/parts/ConfirmDialog';
import { EmptyState } from '#/shared/parts/EmptyState';
import { ErrorState } from '#/shared/parts/ErrorState';
import { notifyDone, notifyError, notifyProblem } from '#/shared/parts/notify';
import { Panel, ScrollPage } from '#/shared/parts/Page';
import classes from './developers.module.css';
import { ShownOnce } from './ShownOnce';
import { WebhookForm } from './WebhookForm';
import { WebhookRow } from './WebhookRow';
import { createWebhook, deleteWebhook, setStatus, testWebhook, webhooksQuery } from './webhooks';

/** The programs that are told of what happens, and how each of them fares. */
export function WebhooksPage() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const webhooks = useQuery(webhooksQuery);
  const [isAdding, setAdding] = useState(false);
  const [goes, setGoes] = useState<Webhook | null>(null);
  const refresh = () => void queries.invalidateQueries({ queryKey: webhooksQuery.queryKey });
  const create = useMutation({ mutationFn: createWebhook, onSuccess: () => { setAdding(false); refresh(); } });
  const change = useMutation({ mutationFn: (run: () => Promise<unknown>) => run(), onSettled: refresh, onError: (error) => notifyError(error) });
  const tried = useMutation({
    mutationFn: testWebhook,
    onSuccess: ({ is_delivered, error }) => (is_delivered ? notifyDone(t('developers.testDelivered')) : notifyProblem(t('developers.testFailed', { error }))),
    onError: (error) => notifyError(error),
  });
  const add = { label: t('developers.add'), run: () => { create.reset(); setAdding(true); } };
  return (
    <ScrollPage width="narrow" title={t('developers.webhooks')} hint={t('developers.hint')} actions={webhooks.data && webhooks.data.length > 0 && <Button leftSection={<IconPlus size={16} />} onClick={add.run}>{add.label}</Button>}>
      {create.data?.signature_key && <Panel title={t('developers.made')}><ShownOnce url={create.data.url} signatureKey={create.data.signature_key} onDone={() => create.reset()} /></Panel>}
      {webhooks.isPending && <Skeleton height={120} radius="md" />}
      {webhooks.error && <ErrorState error={webhooks.error} onRetry={() => void webhooks.refetch()} />}
      {webhooks.data?.length === 0 && <Panel><EmptyState icon={IconWebhook} title={t('developers.none')} hint={t('developers.noneHint')} action={add} /></Panel>}
      {webhooks.data && webhooks.data.length > 0 && (
        <Panel flush>
          <ul className={classes.rows}>
            {webhooks.data.map((webhook) => (
              <WebhookRow key={webhook.id} webhook={webhook} isTrying={tried.isPending && tried.variables === webhook.id} onTry={() => tried.mutate(webhook.id)}
                onStatus={(status) => change.mutate(() => setStatus(webhook.id, status))} onRemove={() => setGoes(webhook)} />
            ))}
          </ul>
        </Panel>
      )}
      <WebhookForm isOpen={isAdding} isBusy={create.isPending} error={create.error} onClose={() => setAdding(false)} onSave={(wish) => create.mutate(wish)} />
      <ConfirmDialog isOpen={goes !== null} title={t('developers.remove')} confirmLabel={t('general.remove')} onClose={() => setGoes(null)}
        onConfirm={() => { const webhook = goes; setGoes(null); if (webhook) change.mutate(() => deleteWebhook(webhook.id)); }}>
        <Text size="sm" className={classes.address}>{goes && t('developers.removeAsk', { url: goes.url })}</Text>
      </ConfirmDialog>
    </ScrollPage>
  );
}
