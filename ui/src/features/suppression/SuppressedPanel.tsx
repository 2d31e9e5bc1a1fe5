import { Button, Select, Skeleton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconDownload, IconMailOff, IconPlus, IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { apiUrl } from '#/shared/api/client';
import { useCommands } from '#/shared/commands/registry';
import { EmptyState } from '#/shared/parts/EmptyState';
import { ErrorState } from '#/shared/parts/ErrorState';
import { Panel } from '#/shared/parts/Page';
import { count } from '#/shared/time/format';
import { AddDialog } from './AddDialog';
import { isKind, KINDS, suppressedQuery } from './suppression';
import { SuppressedRow } from './SuppressedRow';
import type { Looking } from './SuppressionPage';
import classes from './suppression.module.css';

const ALL = 'all';

/** The list: searched, narrowed by reason, added to, exported. */
export function SuppressedPanel({ looking, onLook, mayChange }: { looking: Looking; onLook: (looking: Looking) => void; mayChange: boolean }) {
  const { t } = useTranslation();
  const [isAdding, setIsAdding] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const { q = '', kind } = looking;
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(suppressedQuery(q, kind));
  const rows = data?.pages.flatMap((page) => page.data) ?? [];
  const counts = data?.pages[0]?.counts ?? {};
  const total = Object.values(counts).reduce((sum, each) => sum + each, 0);
  const search = useDebouncedCallback((text: string) => onLook({ ...(text ? { q: text } : {}), ...(kind ? { kind } : {}) }), 300);
  useCommands({ appSearch: () => field.current?.focus() });
  const choices = [{ value: ALL, label: `${t('suppression.allKinds')} (${count(total)})` }, ...KINDS.map((each) => ({ value: each, label: `${t(`suppression.kind.${each}`)} (${count(counts[each] ?? 0)})` }))];
  return (
    <Panel flush title={t('suppression.list')} hint={t('suppression.listHint')}
      actions={mayChange && <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => setIsAdding(true)}>{t('suppression.add')}</Button>}>
      <div className={classes.tools}>
        <TextInput ref={field} className={classes.search} size="xs" defaultValue={q} onChange={(event) => search(event.currentTarget.value.trim())} leftSection={<IconSearch size={14} />} placeholder={t('suppression.search')} aria-label={t('suppression.search')} />
        <Select size="xs" className={classes.kinds} data={choices} value={kind ?? ALL} onChange={(value) => onLook({ ...(q ? { q } : {}), ...(isKind(value) ? { kind: value } : {}) })} aria-label={t('suppression.reason')} />
        <Button size="xs" variant="default" component="a" href={apiUrl('/suppression/export/', { kind })} download leftSection={<IconDownload size={14} />}>{t('suppression.export')}</Button>
      </div>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <div className={classes.waiting}><Skeleton h={140} radius={8} /></div>}
      {data && !rows.length && <EmptyState icon={IconMailOff} title={t(q || kind ? 'suppression.noneFound' : 'suppression.none')} hint={t(q || kind ? 'suppression.noneFoundHint' : 'suppression.noneHint')} />}
      {rows.length > 0 && <ul className={classes.rows}>{rows.map((row) => <SuppressedRow key={`${row.kind} ${row.email}`} row={row} mayChange={mayChange} />)}</ul>}
      {hasNextPage && <div className={classes.more}><Button size="xs" variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('suppression.more')}</Button></div>}
      <AddDialog isOpen={isAdding} onClose={() => setIsAdding(false)} />
    </Panel>
  );
}
