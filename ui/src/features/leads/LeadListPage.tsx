import { Button, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconPlus, IconSearch, IconUsers } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommands } from '#/shared/commands/registry';
import { EmptyState } from '#/shared/parts/EmptyState';
import { ErrorState } from '#/shared/parts/ErrorState';
import { KeyTip } from '#/shared/parts/KeyTip';
import { count } from '#/shared/time/format';
import { LeadRows } from './LeadRows';
import { leadListQuery } from './leadList';
import { NewLeadDialog } from './NewLeadDialog';
import classes from './leads.module.css';

type Props = { words: string; isAdding: boolean; onWords: (words: string) => void; onAdding: (is: boolean) => void; onOpen: (leadId: string) => void };

export function LeadListPage({ words, isAdding, onWords, onAdding, onOpen }: Props) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(leadListQuery(words));
  const leads = useMemo(() => data?.pages.flatMap((page) => page.data) ?? [], [data]);
  const total = data?.pages[0]?.total_results;
  const search = useDebouncedCallback(onWords, 250);
  useCommands({ appSearch: () => field.current?.focus(), leadNew: () => onAdding(true) });
  useEffect(() => { document.title = `${t('shell.place.leads')} · Postroom`; }, [t]);
  useEffect(() => { if (field.current && document.activeElement !== field.current) field.current.value = words; }, [words]);

  return (
    <div className={classes.listPage}>
      <header className={classes.listHead}>
        <Text component="h1" fw={650} size="lg">{t('shell.place.leads')}</Text>
        <Text size="xs" c="var(--text-3)">{total === undefined ? '' : t('leads.count', { count: total, shown: count(total) })}</Text>
        <TextInput ref={field} className={classes.search} size="xs" defaultValue={words} leftSection={<IconSearch size={14} />} rightSection={<kbd className="key">/</kbd>} placeholder={t('leads.search')} aria-label={t('leads.search')}
          onChange={(event) => search(event.currentTarget.value.trim())}
          onKeyDown={(event) => { if (event.key === 'Escape') { event.currentTarget.value = ''; event.currentTarget.blur(); onWords(''); } }} />
        <KeyTip command="leadNew"><Button size="xs" leftSection={<IconPlus size={15} />} onClick={() => onAdding(true)}>{t('leads.new')}</Button></KeyTip>
      </header>
      {error && !leads.length ? <ErrorState error={error} onRetry={() => void refetch()} />
        : !isPending && !leads.length ? (words
          ? <EmptyState icon={IconSearch} title={t('leads.nothingFound', { words })} action={{ label: t('leads.clearSearch'), run: () => onWords('') }} />
          : <EmptyState icon={IconUsers} title={t('leads.none')} hint={t('leads.noneHint')} action={{ label: t('leads.new'), run: () => onAdding(true) }} />)
        : <LeadRows leads={leads} isPending={isPending} hasMore={hasNextPage} onMore={() => { if (!isFetchingNextPage) void fetchNextPage(); }} onOpen={onOpen} />}
      {isAdding && <NewLeadDialog startName={words} onClose={() => onAdding(false)} onCreated={onOpen} />}
    </div>
  );
}
