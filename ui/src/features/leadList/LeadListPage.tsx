import { ActionIcon, Button, Menu, Text, Tooltip } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconBookmarkPlus, IconColumns3, IconDeviceFloppy, IconFileExport, IconFileImport, IconMailForward, IconPlus, IconSearch, IconUsers } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommands } from '#/shared/commands/registry';
import { EmptyState } from '#/shared/parts/EmptyState';
import { ErrorState } from '#/shared/parts/ErrorState';
import { KeyTip } from '#/shared/parts/KeyTip';
import { notifyDone } from '#/shared/parts/notify';
import { mistakeIn, QueryMistake } from '#/shared/parts/QueryMistake';
import { useSelection } from '#/shared/parts/useSelection';
import { useUser } from '#/shared/requests/authState';
import { shownViewName } from '#/shared/requests/viewNames';
import { count } from '#/shared/time/format';
import { COLUMNS } from './columns';
import { leadListQuery } from './leadList';
import { ExportDialog } from './ExportDialog';
import { LeadRows } from './LeadRows';
import { LeadSelectionBar } from './LeadSelectionBar';
import { useColumns } from './listSettings';
import { NewLeadDialog } from './NewLeadDialog';
import { QueryField } from './QueryField';
import { QueryHelp } from './QueryHelp';
import { wordsOf } from './smartViews';
import { toggled } from './sorting';
import { useSmartViews } from './useSmartViews';
import { ViewDialog } from './ViewDialog';
import { ViewList } from './ViewList';
import classes from './leadList.module.css';

export type LeadSearch = { q?: string | undefined; view?: string | undefined };
type Props = { search: LeadSearch; isAdding: boolean; onSearch: (search: LeadSearch) => void; onAdding: (is: boolean) => void; onOpen: (leadId: string) => void };

/** Leads by a query, with the Smart Views beside them. */
export function LeadListPage({ search: { q, view: viewId }, isAdding, onSearch, onAdding, onOpen }: Props) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const mayExport = useUser().permissions.includes('export');
  const [isSaving, setIsSaving] = useState(false);
  const [isExporting, setIsExporting] = useState(false);
  const { views, isReading, failed, readAgain, update } = useSmartViews();
  const view = views.find((each) => each.id === viewId);
  const [columns, setColumns] = useColumns(view);
  const words = q ?? (view ? wordsOf(view) : '');
  const isMissing = viewId !== undefined && q === undefined && !view;
  const isLost = isMissing && !isReading && failed !== null; // without its view nobody knows what to look for; one that is deleted is all leads
  const { data, error, isPending, isPlaceholderData, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery({ ...leadListQuery(words), enabled: !isLost && !(isMissing && isReading), placeholderData: keepPreviousData });
  const leads = useMemo(() => data?.pages.flatMap((page) => page.data) ?? [], [data]);
  const first = data?.pages[0];
  const total = { count: first?.total_results ?? 0, shown: `${first?.total_is_estimate ? '~' : ''}${count(first?.total_results ?? 0)}` };
  const selection = useSelection(useMemo(() => leads.map((lead) => lead.id), [leads]));
  const [isWhole, setIsWhole] = useState(false); // all that the query finds, also what has not come yet
  const selected = useMemo(() => (isWhole ? new Set(leads.map((lead) => lead.id)) : selection.selected), [isWhole, leads, selection.selected]);
  const ticked = leads.filter((lead) => selected.has(lead.id));
  const selectNone = () => { setIsWhole(false); selection.none(); };
  const selectOne = (how: (id: string) => void) => (id: string) => { if (isWhole) { setIsWhole(false); selection.all(); } how(id); };
  const mistake = mistakeIn(error, words);
  const isChanged = view !== undefined && words !== wordsOf(view);

  const ask = (text: string) => { selectNone(); onSearch({ view: viewId, q: view && text === wordsOf(view) ? undefined : text || (view ? '' : undefined) }); };
  const askSoon = useDebouncedCallback((text: string) => ask(text), 350);
  const take = (text: string) => { askSoon.cancel(); if (field.current) field.current.value = text; ask(text); };
  useCommands({
    appSearch: () => field.current?.focus(), leadNew: () => onAdding(true), listSelectAll: selection.all, listSelectNone: selectNone,
    ...(selected.size > 0 && { threadBack: selectNone }),
  });
  const title = view ? shownViewName(view, t) : t('shell.place.leads');
  useEffect(() => { document.title = `${title} · Postroom`; }, [title]);
  useEffect(() => { if (field.current && document.activeElement !== field.current) field.current.value = words; }, [words]);

  return (
    <div className={classes.page}>
      <ViewList openId={viewId} />
      <section className={classes.listPage} aria-label={title}>
        {ticked.length > 0 ? (
          <LeadSelectionBar leads={ticked} words={isWhole ? words : null} total={total} onClear={selectNone} onExport={mayExport ? () => setIsExporting(true) : null} onWhole={ticked.length === leads.length && hasNextPage ? () => setIsWhole(true) : null} />
        ) : (
          <header className={classes.listHead}>
            <Text component="h1" fw={650} size="lg" truncate title={title}>{title}</Text>
            <Text size="xs" c="var(--text-3)" role="status">{first ? t('leads.count', total) : ''}</Text>
            <span className={classes.push} />
            {isChanged && <Button size="xs" variant="default" data-named title={t('leadList.update', { name: title })} leftSection={<IconDeviceFloppy size={15} />} onClick={() => void update(view, words).then((done) => { if (done) { notifyDone(t('general.saved')); onSearch({ view: viewId }); } })}>{t('leadList.update', { name: title })}</Button>}
            {words && !mistake && (!view || isChanged) && <Button size="xs" variant="default" leftSection={<IconBookmarkPlus size={15} />} onClick={() => setIsSaving(true)}>{t('leadList.saveAs')}</Button>}
            {!mistake && first && first.total_results > 0 && <Button size="xs" variant="default" aria-label={t('leadList.email')} leftSection={<IconMailForward size={15} />} renderRoot={(props) => <Link {...props} to="/bulk/new" search={view && !isChanged ? { view: view.id } : { query: words || '*' }} />}><span className={classes.actionLabel}>{t('leadList.email')}</span></Button>}
            <Menu position="bottom-end" closeOnItemClick={false}>
              <Menu.Target><Tooltip label={t('leadList.columns')}><ActionIcon size={32} aria-label={t('leadList.columns')}><IconColumns3 size={17} /></ActionIcon></Tooltip></Menu.Target>
              <Menu.Dropdown>
                {COLUMNS.map(({ id }) => <Menu.Item key={id} aria-current={columns.includes(id) || undefined} leftSection={<span className={classes.box} data-on={columns.includes(id) || undefined} />} onClick={() => setColumns(columns.includes(id) ? columns.filter((each) => each !== id) : [...columns, id])}>{t(`leadList.column.${id}`)}</Menu.Item>)}
              </Menu.Dropdown>
            </Menu>
            {mayExport && !mistake && <Tooltip label={t('exports.title')}><ActionIcon size={32} aria-label={t('exports.title')} onClick={() => setIsExporting(true)}><IconFileExport size={17} /></ActionIcon></Tooltip>}
            <Tooltip label={t('imports.title')}><ActionIcon size={32} aria-label={t('imports.title')} renderRoot={(props) => <Link {...props} to="/leads/import" />}><IconFileImport size={17} /></ActionIcon></Tooltip>
            <KeyTip command="leadNew"><Button size="xs" aria-label={t('leads.new')} leftSection={<IconPlus size={15} />} onClick={() => onAdding(true)}><span className={classes.actionLabel}>{t('leads.new')}</span></Button></KeyTip>
          </header>
        )}
        <div className={classes.queryRow}>
          <QueryField ref={field} words={words} isWrong={mistake !== null} onAskSoon={askSoon} onAsk={(text) => { askSoon.cancel(); ask(text); }} onWait={() => askSoon.cancel()}
            onTake={take} onLeave={() => take(view ? wordsOf(view) : '')} />
          <QueryHelp onTake={take} />
        </div>
        {isLost ? <ErrorState error={failed} onRetry={readAgain} />
          : mistake ? <QueryMistake words={words} mistake={mistake} onMend={take} />
          : error && !leads.length ? <ErrorState error={error} onRetry={() => void refetch()} />
          : !isPending && !leads.length ? (words
            ? <EmptyState icon={IconSearch} title={t('leads.nothingFound', { words })} action={{ label: t('leads.clearSearch'), run: () => take('') }} />
            : <EmptyState icon={IconUsers} title={t('leads.none')} hint={t('leads.noneHint')} action={{ label: t('leads.new'), run: () => onAdding(true) }} />)
          : (
            <div className={classes.rows} data-old={isPlaceholderData || undefined}>
              <LeadRows leads={leads} isPending={isPending} hasMore={hasNextPage} onMore={() => { if (!isFetchingNextPage) void fetchNextPage(); }} onOpen={onOpen} words={words} columns={columns}
                onSort={(by, isDescendingFirst) => take(toggled(words, by, isDescendingFirst))} selected={selected} onTick={selectOne(selection.toggle)} onTickTo={selectOne(selection.range)} onTickAll={() => (selected.size === leads.length ? selectNone() : selection.all())} />
            </div>
          )}
      </section>
      {isAdding && <NewLeadDialog startName={/[:<>=()"]/.test(words) ? '' : words} onClose={() => onAdding(false)} onCreated={onOpen} />}
      {isExporting && <ExportDialog words={words} total={total.shown} onClose={() => setIsExporting(false)} />}
      {isSaving && <ViewDialog words={words} onClose={() => setIsSaving(false)} onSaved={(saved) => onSearch({ view: saved.id })} />}
    </div>
  );
}
