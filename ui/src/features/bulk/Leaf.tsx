import { ActionIcon, Button, Group, Skeleton, Text } from '@mantine/core';
import { IconArrowLeft, IconArrowRight, IconSend } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BulkEmail } from '#/shared/api/types';
import { SafeFrame } from '#/shared/editor/SafeFrame';
import { Notice } from '#/shared/parts/Notice';
import { notifyDone, notifyError } from '#/shared/parts/notify';
import { Panel } from '#/shared/parts/Page';
import { count } from '#/shared/time/format';
import { gapsQuery, lookQuery, recipientsQuery, testBulk } from './bulkRequests';
import classes from './bulk.module.css';

/** Everybody's email as it will be sent, those with an empty variable first. */
export function Leaf({ batch }: { batch: BulkEmail }) {
  const { t } = useTranslation();
  const { data: gaps, isPending: isSearching } = useQuery(gapsQuery(batch.id));
  const people = useInfiniteQuery(recipientsQuery(batch.id, { state: 'queued' }));
  const [at, setAt] = useState(0);
  const [isBusy, setIsBusy] = useState(false);
  const numbers = useMemo(() => {
    if (isSearching) return []; // those with gaps come first: the order stands once they are known
    const first = gaps?.data.map(({ number }) => number) ?? [];
    const rest = people.data?.pages.flatMap((page) => page.data.map(({ number }) => number)) ?? [];
    return [...new Set([...first, ...rest])];
  }, [gaps, isSearching, people.data]);
  const number = numbers[at];
  const { data: look, error } = useQuery({ ...lookQuery(batch.id, number ?? 0), enabled: number !== undefined, placeholderData: keepPreviousData });
  const go = (to: number) => {
    if (to < 0 || to >= batch.n_queued) return;
    if (to >= numbers.length - 2 && people.hasNextPage) void people.fetchNextPage();
    if (to < numbers.length) setAt(to);
  };
  const test = async () => {
    if (number === undefined) return;
    setIsBusy(true);
    try { notifyDone(t('bulk.testSent', { email: (await testBulk(batch.id, number)).email })); } catch (problem) { notifyError(problem); } finally { setIsBusy(false); }
  };
  return (
    <Panel title={t('bulk.look')} hint={gaps && (gaps.count ? t('bulk.gaps', { count: gaps.count, shown: count(gaps.count) }) : t('bulk.noGaps'))}
      actions={<Button size="xs" variant="default" leftSection={<IconSend size={14} />} loading={isBusy} disabled={number === undefined} onClick={() => void test()}>{t('bulk.test')}</Button>}>
      <Group justify="space-between" wrap="nowrap" mb="sm">
        <ActionIcon variant="default" size="lg" aria-label={t('bulk.previous')} disabled={at === 0} onClick={() => go(at - 1)}><IconArrowLeft size={16} /></ActionIcon>
        <Text size="sm" className={classes.to} aria-live="polite">{look ? `${look.email} · ${t('bulk.nth', { nth: count(at + 1), total: count(batch.n_queued) })}` : ''}</Text>
        <ActionIcon variant="default" size="lg" aria-label={t('bulk.next')} disabled={at >= batch.n_queued - 1 || numbers[at + 1] === undefined} onClick={() => go(at + 1)}><IconArrowRight size={16} /></ActionIcon>
      </Group>
      {error ? <Notice tone="bad">{error.message}</Notice> : !look ? <Skeleton h={160} radius={10} /> : (
        <>
          {look.missing.length > 0 && <Notice tone="warn" title={t('templates.empty')}>{look.missing.join(', ')}</Notice>}
          <div className={classes.letter}>
            <Text fw={650} size="md" mb={8}>{look.subject || t('mail.noSubject')}</Text>
            <SafeFrame html={look.body_html} title={t('bulk.emailTo', { email: look.email })} />
          </div>
        </>
      )}
    </Panel>
  );
}
