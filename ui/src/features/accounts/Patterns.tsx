import { Button, Group, TagsInput, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { notifyDone, notifyError } from '#/shared/parts/notify';
import { count } from '#/shared/time/format';
import { patternsQuery, savePatterns, trialQuery } from './rules';

/** Exclude patterns; what they would leave out is counted before they are saved. */
export function Patterns({ accountId, label }: { accountId: string | null; label: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { data } = useQuery(patternsQuery(accountId));
  const [edited, setEdited] = useState<string[] | null>(null);
  const save = useMutation({
    mutationFn: (patterns: string[]) => savePatterns(accountId, patterns),
    onSuccess: (saved) => { queries.setQueryData(patternsQuery(accountId).queryKey, saved); setEdited(null); notifyDone(t('general.saved')); },
    onError: (error) => notifyError(error),
  });
  return (
    <div>
      <TagsInput mb={6} label={label} placeholder="noreply@*" value={edited ?? data ?? []} onChange={setEdited} disabled={!data} splitChars={[',', ' ', ';']} acceptValueOnBlur clearable={false} aria-label={`${label}. ${t('accounts.excludeHint')}`} />
      {edited && <Trial accountId={accountId} patterns={edited.filter((pattern) => !data?.includes(pattern))} />}
      {edited && (
        <Group gap="sm" mb="md">
          <Button size="xs" loading={save.isPending} onClick={() => save.mutate(edited)}>{t('general.save')}</Button>
          <Button size="xs" variant="default" onClick={() => setEdited(null)}>{t('general.cancel')}</Button>
        </Group>
      )}
    </div>
  );
}

/** Only what is new is tried: the others are in force already. */
function Trial({ accountId, patterns }: { accountId: string | null; patterns: string[] }) {
  const { t } = useTranslation();
  const { data, error } = useQuery(trialQuery(accountId, patterns));
  if (patterns.length === 0) return <Text size="xs" c="var(--text-2)" mb={8}>{t('links.patternGoes')}</Text>;
  if (error) return <Text size="xs" c="var(--bad)" mb={8} role="alert">{error.message}</Text>;
  if (!data) return <Text size="xs" c="var(--text-3)" mb={8}>{t('links.trying')}</Text>;
  return (
    <Text size="xs" c="var(--text-2)" mb={8} role="status">
      {t('links.wouldLeaveOut', { count: data.emails, shown: count(data.emails), logged: count(data.logged) })}{' '}
      {data.examples.length > 0 && t('links.suchAs', { examples: data.examples.slice(0, 4).join(', ') })}{' '}
      {data.waiting > 0 && t('links.wouldDrop', { count: data.waiting })}{' '}
      {data.unlogged > 0 && t('links.unlogged', { shown: count(data.unlogged), seen: count(data.seen) })}
    </Text>
  );
}
