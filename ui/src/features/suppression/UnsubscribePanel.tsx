import { Radio, Skeleton, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '#/shared/parts/ErrorState';
import { Notice } from '#/shared/parts/Notice';
import { notifyDone, notifyError } from '#/shared/parts/notify';
import { Panel } from '#/shared/parts/Page';
import { MODES, modeQuery, saveMode, type Mode } from './suppression';

/** Whether bulk email carries a way to unsubscribe. */
export function UnsubscribePanel({ isAdmin }: { isAdmin: boolean }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery(modeQuery);
  const save = useMutation({
    mutationFn: saveMode,
    onSuccess: (saved) => { queries.setQueryData(modeQuery.queryKey, saved); notifyDone(t('general.saved')); },
    onError: (problem) => notifyError(problem),
  });
  return (
    <Panel title={t('suppression.unsubscribe')} hint={t('suppression.unsubscribeHint')}>
      {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : !data ? <Skeleton h={120} radius={8} /> : (
        <Radio.Group value={save.isPending ? save.variables : data.mode} onChange={(mode) => save.mutate(mode as Mode)} aria-label={t('suppression.unsubscribe')}>
          <Stack gap="sm">
            {data.mode !== 'off' && !data.has_one_click && <Notice tone="warn" title={t('suppression.noOneClick')}>{t('suppression.noOneClickHint')}</Notice>}
            {MODES.map((mode) => <Radio key={mode} value={mode} disabled={!isAdmin} label={t(`suppression.mode.${mode}`)} description={<Text span size="xs" c="var(--text-3)">{t(`suppression.modeHint.${mode}`)}</Text>} />)}
            {!isAdmin && <Text size="xs" c="var(--text-3)">{t('suppression.adminOnly')}</Text>}
          </Stack>
        </Radio.Group>
      )}
    </Panel>
  );
}
