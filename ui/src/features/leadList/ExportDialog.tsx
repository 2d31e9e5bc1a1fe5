import { Button, Checkbox, Code, Group, Loader, Radio, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LeadExport } from '#/shared/api/types';
import { explainError } from '#/shared/parts/explainError';
import { Notice } from '#/shared/parts/Notice';
import { ShownModal } from '#/shared/parts/ShownModal';
import { count, fullDate } from '#/shared/time/format';
import { beginExport, EXPORT_FORMATS, EXPORT_KINDS, exportsQuery, isMade, type ExportWish } from './exportRequests';
import { askedFor } from './wholeList';
import classes from './leadList.module.css';

type Props = { words: string; total: string; onClose: () => void };

/** Everything that a query finds as a file, with all fields; made by the server, also when this is closed meanwhile. */
export function ExportDialog({ words, total, onClose }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [wish, setWish] = useState<ExportWish>({ words, type: 'contacts', format: 'csv', hasAddresses: false, hasActivities: false });
  const { data: made = [], error } = useQuery(exportsQuery);
  const begin = useMutation({ mutationFn: () => beginExport(wish), onSuccess: (one) => { queries.setQueryData(exportsQuery.queryKey, (old) => [one, ...(old ?? [])]); void queries.invalidateQueries({ queryKey: exportsQuery.queryKey }); } });
  const change = (part: Partial<ExportWish>) => setWish({ ...wish, ...part });
  const problem = begin.error ?? error;
  return (
    <ShownModal onClose={onClose} title={t('exports.title')} size="lg" centered closeButtonProps={{ 'aria-label': t('general.close') }}>
      <Stack gap="md">
        <div><Text size="sm">{t('exports.of', { total })}</Text><Code block mt={6}>{askedFor(words)}</Code></div>
        <Radio.Group label={t('exports.rows')} value={wish.type} onChange={(type) => change({ type: type as ExportWish['type'] })}>
          <Group gap="lg" mt={6}>{EXPORT_KINDS.map((kind) => <Radio key={kind} value={kind} label={t(`exports.kind.${kind}`)} />)}</Group>
        </Radio.Group>
        <Radio.Group label={t('exports.format')} value={wish.format} onChange={(format) => change({ format: format as ExportWish['format'] })}>
          <Group gap="lg" mt={6}>{EXPORT_FORMATS.map((format) => <Radio key={format} value={format} label={t(`exports.as.${format}`)} />)}</Group>
        </Radio.Group>
        <Group gap="lg">
          <Checkbox label={t('exports.addresses')} checked={wish.hasAddresses} onChange={(event) => change({ hasAddresses: event.currentTarget.checked })} />
          {wish.format === 'json' && wish.type === 'leads' && <Checkbox label={t('exports.activities')} checked={wish.hasActivities} onChange={(event) => change({ hasActivities: event.currentTarget.checked })} />}
        </Group>
        {problem && <Notice tone="bad">{explainError(problem, t)}</Notice>}
        <Group justify="flex-end" gap="sm"><Button variant="default" onClick={onClose}>{t('general.close')}</Button><Button loading={begin.isPending} onClick={() => begin.mutate()}>{t('exports.begin')}</Button></Group>
        {made.length > 0 && (
          <section aria-label={t('exports.made')}>
            <Text component="h3" size="sm" fw={600} mb={4}>{t('exports.made')}</Text>
            <ul className={classes.exports}>{made.map((one) => <Made key={one.id} one={one} />)}</ul>
          </section>
        )}
      </Stack>
    </ShownModal>
  );
}

function Made({ one }: { one: LeadExport }) {
  const { t } = useTranslation();
  return (
    <li>
      <div className={classes.exportText}>
        <Text size="sm" truncate title={one.query ?? undefined}>{one.query ?? t('exports.advanced')}</Text>
        <Text size="xs" c="var(--text-3)">{[one.format.toUpperCase(), fullDate(one.date_created)].join(' · ')}</Text>
        {one.error && <Text size="xs" c="var(--bad)">{one.error}</Text>}
      </div>
      <span role="status" className={classes.exportState}>
        {!isMade(one) && <><Loader size={14} aria-hidden />{one.n_docs === null ? t('exports.begun') : t('exports.progress', { done: count(one.n_docs_processed), total: count(one.n_docs) })}</>}
        {one.status === 'error' && t('exports.failed')}
        {one.status === 'done' && t('exports.done', { count: one.n_docs ?? 0, shown: count(one.n_docs ?? 0) })}
      </span>
      {one.download_url && <Button component="a" href={one.download_url} download size="xs" variant="default" leftSection={<IconDownload size={14} />} aria-label={`${t('exports.download')}: ${one.query ?? ''}`}>{t('exports.download')}</Button>}
    </li>
  );
}
