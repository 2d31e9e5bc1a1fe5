import { Button, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { BulkEmail, BulkOutlook } from '#/shared/api/types';
import { Notice } from '#/shared/parts/Notice';
import { count } from '#/shared/time/format';

type Props = { batch: BulkEmail; outlook: BulkOutlook; onLeaveOut: () => void };

/** What to mind before so many emails go out. */
export function Warnings({ batch, outlook, onLeaveOut }: Props) {
  const { t } = useTranslation();
  const planned = outlook.sent_last_day + batch.n_queued;
  const isMany = outlook.warn_per_day !== null && planned > outlook.warn_per_day;
  const isOverLimit = outlook.limit_per_day !== null && planned > outlook.limit_per_day;
  if (!isMany && !isOverLimit && !outlook.had_template && outlook.copies_to_sent) return null;
  return (
    <Stack gap="sm" mb="md">
      {(isMany || isOverLimit) && (
        <Notice tone="warn" title={t('bulk.warn.many', { provider: outlook.provider, shown: count(outlook.warn_per_day ?? outlook.limit_per_day ?? 0) })}>
          {t('bulk.warn.manyHint', { limit: count(outlook.limit_per_day ?? outlook.warn_per_day ?? 0) })}
        </Notice>
      )}
      {outlook.had_template > 0 && (
        <Notice tone="warn" title={t('bulk.warn.repeat', { count: outlook.had_template, shown: count(outlook.had_template) })}>
          {t('bulk.warn.repeatHint')}{' '}
          {batch.query !== null && outlook.not_had_template_query && <Button size="compact-xs" variant="default" onClick={onLeaveOut}>{t('bulk.warn.leaveOut')}</Button>}
        </Notice>
      )}
      {!outlook.copies_to_sent && <Notice tone="warn">{t('bulk.warn.noCopies')}</Notice>}
    </Stack>
  );
}
