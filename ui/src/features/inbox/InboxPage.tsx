import { ActionIcon, Text, VisuallyHidden } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconMail, IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { InboxTask, InboxView, Lead } from '#/shared/api/types';
import { holdKeys } from '#/shared/commands/heldKeys';
import { useCommands } from '#/shared/commands/registry';
import { wholeTexts } from '#/shared/i18n';
import { WhoseMail } from '#/shared/mail/WhoseMail';
import { afterFirstRows } from '#/shared/parts/afterFirstRows';
import { EmptyState } from '#/shared/parts/EmptyState';
import { ErrorState } from '#/shared/parts/ErrorState';
import { KeyTip } from '#/shared/parts/KeyTip';
import { lateCode } from '#/shared/parts/lateCode';
import type { LongListHandle } from '#/shared/parts/LongList';
import { SplitPlace } from '#/shared/parts/SplitPlace';
import classes from '#/shared/parts/split.module.css';
import { useUser } from '#/shared/requests/authState';
import { inboxQuery } from '#/shared/requests/inboxLists';
import { EmptyInbox } from './EmptyInbox';
import { SelectionBar } from './SelectionBar';
import { TaskList } from './TaskList';
import { useInboxActions } from './useInboxActions';
import { useInboxCommands } from './useInboxCommands';
import { useOpenTask } from './useOpenTask';
import { useWholeView } from './useWholeView';
import { useFill } from '#/shared/parts/useFill';
import { useOpenId } from '#/shared/parts/useOpenId';
import { useSelection } from '#/shared/parts/useSelection';

const PLACE = { inbox: 'inbox', future: 'snoozed', archive: 'done' } as const;
const NONE: InboxTask[] = [];
const FEW = 30;
/** After the first rows, unless the address opens a conversation: with all that can be said and done there. */
const loadPane = () => lateCode(async () => {
  const [module] = await Promise.all([import('./ReadingPane'), wholeTexts()]);
  return { default: module.ReadingPane };
});
const ReadingPane = lazy(loadPane);

export type InboxSearch = { t?: string | undefined; who?: string | undefined; account?: string | undefined };
type Props = { view: InboxView; search: InboxSearch; onSearch: (change: InboxSearch, isNewPlace: boolean) => void; onFind: () => void; leadParts: (lead: Lead) => ReactNode };

export function InboxPage({ view, search: { t: address, who, account }, onSearch, onFind, leadParts }: Props) {
  const { t } = useTranslation();
  const me = useUser();
  const isPhone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const list = useRef<LongListHandle>(null);
  useEffect(() => afterFirstRows(() => void loadPane().catch(() => undefined)), []);
  const [isSnoozeOpen, setIsSnoozeOpen] = useState(false);
  const canAct = who === undefined;

  const { data, hasNextPage, isFetchingNextPage, fetchNextPage, isPending, error, refetch } = useInfiniteQuery(inboxQuery(view, who ?? me.id, account));
  const items = useMemo(() => data?.pages.flatMap((page) => page.data) ?? NONE, [data]);
  const [openId, setOpenId] = useOpenId(address, `${who} ${account}`, (id, isNewPlace) => onSearch({ t: id, who, account }, isNewPlace));
  const open = useCallback((id: string | undefined) => setOpenId(id, isPhone && !!id), [setOpenId, isPhone]);
  const { at, task, shown, isGone } = useOpenTask(items, openId, isPending);
  const selection = useSelection(useMemo(() => items.map((item) => item.id), [items]));
  const ticked = useMemo(() => (selection.selected.size ? items.filter((item) => selection.selected.has(item.id)) : NONE), [items, selection.selected]);

  const more = useCallback(() => { if (!isFetchingNextPage) void fetchNextPage(); }, [isFetchingNextPage, fetchNextPage]);
  useFill(items.length, hasNextPage, isFetchingNextPage, more);
  const { said, unread, ...few } = useInboxActions({ items, openId, isPhone, onOpen: open, onMoved: selection.none });
  const whole = useWholeView({ view, who: me.id, account: account ?? '' }, selection.none);
  // A row each is quick for a few; a long selection goes to the server in as few requests as it takes.
  const done = (tasks: InboxTask[]) => (tasks.length > FEW ? whole.done(tasks) : few.done(tasks));
  const reopen = (tasks: InboxTask[]) => (tasks.length > FEW ? whole.reopen(tasks) : few.reopen(tasks));
  const snooze = (tasks: InboxTask[], until: Date) => (tasks.length > FEW ? whole.snooze(until, tasks) : few.snooze(tasks, until));
  const find = () => { holdKeys(); onFind(); };
  useInboxCommands({ items, at, current: task, view, canAct, ticked, open, reveal: (index) => list.current?.reveal(index), done, unread, askSnooze: () => { if (task) setIsSnoozeOpen(true); }, selection });
  useCommands({ appSearch: find });

  const title = t(`shell.place.${PLACE[view]}`);
  useEffect(() => { document.title = `${title}${items.length && view === 'inbox' ? ` (${items.length}${hasNextPage ? '+' : ''})` : ''} · Postroom`; }, [title, items.length, hasNextPage, view]);

  return (
    <>
      <VisuallyHidden role="status" aria-live="polite">{said}</VisuallyHidden>
      <SplitPlace title={title} paneTitle={t('inbox.conversation')} isPhone={isPhone} isOpen={!!openId}
        list={(
          <>
            {ticked.length > 0
              ? <SelectionBar ticked={ticked} areAllShown={ticked.length === items.length && hasNextPage} view={view} whole={whole} onDone={done} onReopen={reopen} onSnooze={snooze} onUnread={unread} onClear={selection.none} />
              : (
                <div className={classes.listHead}>
                  <Text component="h1" fw={650} size="lg">{title}</Text>
                  <Text size="xs" c="var(--text-3)" mr="auto" truncate>{isPending || !items.length ? '' : t('inbox.count', { count: items.length, more: hasNextPage ? '+' : '' })}</Text>
                  <WhoseMail who={who} account={account} onChange={(whose) => onSearch(whose, true)} />
                  <KeyTip command="appSearch" label={t('inbox.search')}><ActionIcon size={isPhone ? 44 : 32} aria-label={t('inbox.search')} onClick={find}><IconSearch size={17} /></ActionIcon></KeyTip>
                </div>
              )}
            {!canAct && <div className={classes.readOnly}>{t('inbox.readOnly')}</div>}
            {error && !items.length ? <ErrorState error={error} onRetry={() => void refetch()} />
              : !isPending && items.length === 0 ? <EmptyInbox view={view} />
              : <TaskList ref={list} items={items} isPending={isPending} hasMore={hasNextPage} onMore={more} openId={openId} ticked={selection.selected} canTick={canAct} showsOwner={who === 'all'} onOpen={open} onTick={selection.toggle} onTickTo={selection.range} label={title} />}
          </>
        )}
        pane={shown
          ? <Suspense fallback={null}><ReadingPane task={shown} leadParts={leadParts} canAct={canAct} isPhone={isPhone} isSnoozeOpen={isSnoozeOpen} onSnoozeOpen={setIsSnoozeOpen} onBack={() => open(undefined)} onDone={() => done([shown])} onReopen={() => reopen([shown])} onSnooze={(until) => snooze([shown], until)} onUnread={() => unread([shown])} /></Suspense>
          : isGone ? <EmptyState icon={IconMail} title={t('inbox.gone')} action={{ label: t('shell.command.threadBack'), run: () => open(undefined) }} />
          : items.length > 0 && <EmptyState icon={IconMail} title={t('inbox.noneOpen')} hint={<>{t('inbox.pressToOpen')} <kbd className="key">J</kbd> · {t('inbox.pressForHelp')} <kbd className="key">?</kbd></>} />} />
    </>
  );
}
