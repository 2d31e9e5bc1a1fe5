import { Anchor, Button, Group, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiKey, NewApiKey } from '#/shared/api/types';
import { ConfirmDialog } from '#/shared/parts/ConfirmDialog';
import { EmptyState } from '#/shared/parts/EmptyState';
import { ErrorState } from '#/shared/parts/ErrorState';
import { FirstSteps } from '#/shared/parts/FirstSteps';
import { notifyError } from '#/shared/parts/notify';
import { Panel, ScrollPage } from '#/shared/parts/Page';
import { relativeTime, shortDate } from '#/shared/time/format';
import classes from './access.module.css';
import { CopyButton } from '#/shared/parts/CopyButton';
import { createKey, keysQuery, revokeKey } from './security';

/** The keys that programs work with in one's name. */
export function KeysPage() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const keys = useQuery(keysQuery);
  const [name, setName] = useState('');
  const [goes, setGoes] = useState<ApiKey | null>(null);
  const refresh = () => queries.invalidateQueries({ queryKey: keysQuery.queryKey });
  const create = useMutation({ mutationFn: () => createKey(name.trim()), onSuccess: () => { setName(''); void refresh(); }, onError: (error) => notifyError(error) });
  const revoke = useMutation({ mutationFn: revokeKey, onSettled: () => { setGoes(null); void refresh(); }, onError: (error) => notifyError(error) });
  const nameOf = (key: ApiKey) => key.name || t('access.keys.unnamed');
  return (
    <ScrollPage width="narrow" title={t('access.keys.title')} hint={t('access.keys.hint')}>
      <Panel>
        {create.data ? <ShownOnce made={create.data} onDone={() => create.reset()} /> : (
          <form onSubmit={(event) => { event.preventDefault(); create.mutate(); }}>
            <Group align="flex-end" gap="sm"><TextInput flex={1} miw={180} label={t('access.keys.name')} placeholder={t('access.keys.namePlaceholder')} value={name} onChange={(event) => setName(event.currentTarget.value)} /><Button type="submit" loading={create.isPending}>{t('access.keys.create')}</Button></Group>
          </form>
        )}
      </Panel>
      {keys.isPending && <Skeleton height={64} radius="md" />}
      {keys.error && <ErrorState error={keys.error} onRetry={() => void keys.refetch()} />}
      {keys.data?.length === 0 && <EmptyState icon={IconKey} title={t('access.keys.none')} hint={t('access.keys.noneHint')} />}
      {keys.data && keys.data.length > 0 && (
        <Panel flush>
          <ul className={classes.rows}>
            {keys.data.map((key) => (
              <li key={key.id} className={classes.row}>
                <div className={classes.text}>
                  <Text size="sm" fw={550}>{nameOf(key)}</Text>
                  <div className={classes.sub}><span>{key.date_used ? t('access.keys.used', { when: relativeTime(key.date_used) }) : t('access.keys.neverUsed')}</span><span>{t('access.keys.created', { date: shortDate(key.date_created) })}</span><span>{key.id.slice(0, 12)}…</span></div>
                </div>
                <Button variant="default" size="xs" aria-label={`${t('access.keys.revoke')}: ${nameOf(key)}`} onClick={() => setGoes(key)}>{t('access.keys.revoke')}</Button>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {!create.data && (
        <Panel title={t('reference.first')} hint={<>{t('access.keys.guideHint')} <Anchor inherit underline="always" renderRoot={(props) => <Link {...props} to="/reference" />}>{t('reference.title')}</Anchor></>}><FirstSteps apiKey={null} /></Panel>
      )}
      <ConfirmDialog isOpen={goes !== null} title={t('access.keys.revoke')} confirmLabel={t('access.keys.revoke')} isBusy={revoke.isPending} onConfirm={() => goes && revoke.mutate(goes.id)} onClose={() => setGoes(null)}><Text size="sm">{goes && t('access.keys.revokeAsk', { name: nameOf(goes) })}</Text></ConfirmDialog>
    </ScrollPage>
  );
}

function ShownOnce({ made, onDone }: { made: NewApiKey; onDone: () => void }) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      <Text size="sm" fw={550}>{t('access.keys.shown')}</Text>
      <code className={classes.secret}>{made.key}</code>
      <Group gap="sm"><CopyButton value={made.key} /><Button onClick={onDone}>{t('access.keys.done')}</Button></Group>
      <Text size="sm" fw={550} mt="xs">{t('access.keys.guide')}</Text>
      <FirstSteps apiKey={made.key} />
    </Stack>
  );
}
