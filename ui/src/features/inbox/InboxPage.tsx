import { Text, VisuallyHidden } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconMail } from '@tabler/icons-react';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InboxTask, InboxView } from '#/shared/api/types';
import { EmptyState } from '#/shared/parts/EmptyState';
import { ErrorState } from '#/shared/parts/ErrorState';
import { useUser } from '#/shared/requests/authState';
import { changeTask, inboxQuery } from '#/shared/requests/inboxLists';
import { markThreadRead } from '#/shared/requests/markRead';
import { BulkBar } from './BulkBar';
import { EmptyInbox } from './EmptyInbox';
import { ReadingPane } from './ReadingPane';
import { TaskList, type TaskListHandle } from './TaskList';
import { useInboxActions } from './useInboxActions';
import { useOpenTask } from './useOpenTask';
import { useInboxCommands } from './useInboxCommands';
import { useSelection } from './useSelection';
import { WhoseInbox } from './WhoseInbox';
import classes from './inbox.module.css';

const PLACE = { inbox: 'inbox', future: 'snoozed', archive: 'done' } as const;
const NONE: InboxTask[] = [];

export type InboxSearch = { t?: string; who?: string };
type Props = { view: InboxView; search: InboxSearch; onSearch: (change: InboxSearch, isNewPlace: boolean) => void };

export function InboxPage({ view, search: { t: openId, who }, onSearch }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const me = useUser();
  const isPhone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const list = useRef<TaskListHandle>(null);
  const [isSnoozeOpen, setIsSnoozeOpen] = useState(false);
  const canAct = who === undefined;

  const { data, hasNextPage, isFetchingNextPage, fetchNextPage, isPending, error, refetch } = useInfiniteQuery(inboxQuery(view, who ?? me.id));
  const items = useMemo(() => data?.pages.flatMap((page) => page.data) ?? NONE, [data]);
  const { at, task, shown, isGone } = useOpenTask(items, openId, isPending);
  const selection = useSelection(useMemo(() => items.map((task) => task.id), [items]));
  const ticked = items.filter((task) => selection.selected.has(task.id));

  const open = useCallback((id: string | undefined) => onSearch({ t: id, who } as InboxSearch, isPhone && !!id), [onSearch, who, isPhone]);
  const more = useCallback(() => { if (!isFetchingNextPage) void fetchNextPage(); }, [isFetchingNextPage, fetchNextPage]);
  const { said, done, reopen, snooze } = useInboxActions({ items, openId, isPhone, onOpen: open, onMoved: selection.none });
  const unread = () => {
    if (!task?.object_id) return;
    changeTask(queries, task.id, { is_unread: true });
    void markThreadRead(task.object_id, false).catch(() => changeTask(queries, task.id, { is_unread: false }));
    open(undefined);
  };
  useInboxCommands({ items, at, current: task, view, canAct, ticked, open, reveal: (index) => list.current?.reveal(index), done, unread, askSnooze: () => { if (task) setIsSnoozeOpen(true); }, selection });

  const title = t(`shell.place.${PLACE[view]}`);
  useEffect(() => { document.title = `${title}${items.length && view === 'inbox' ? ` (${items.length}${hasNextPage ? '+' : ''})` : ''} · Postroom`; }, [title, items.length, hasNextPage, view]);

  const showPane = !isPhone || !!openId;
  return (
    <div className={classes.page}>
      <VisuallyHidden role="status" aria-live="polite">{said}</VisuallyHidden>
      <section className={classes.listColumn} aria-label={title} hidden={isPhone && !!openId}>
        {ticked.length > 0
          ? <BulkBar count={ticked.length} view={view} onDone={() => done(ticked)} onReopen={() => reopen(ticked)} onSnooze={(until) => snooze(ticked, until)} onClear={selection.none} />
          : (
            <div className={classes.listHead}>
              <Text component="h1" fw={650} size="lg">{title}</Text>
              <Text size="xs" c="var(--text-3)" mr="auto">{isPending || !items.length ? '' : t('inbox.count', { count: items.length, more: hasNextPage ? '+' : '' })}</Text>
              <WhoseInbox who={who} onChange={(next) => onSearch({ who: next } as InboxSearch, true)} />
            </div>
          )}
        {!canAct && <div className={classes.readOnly}>{t('inbox.readOnly')}</div>}
        {error && !items.length ? <ErrorState error={error} onRetry={() => void refetch()} />
          : !isPending && items.length === 0 ? <EmptyInbox view={view} />
          : <TaskList ref={list} items={items} isPending={isPending} hasMore={hasNextPage} onMore={more} openId={openId} ticked={selection.selected} canTick={canAct} showsOwner={who === 'all'} onOpen={open} onTick={selection.toggle} label={title} />}
      </section>
      {showPane && (
        <section className={classes.paneColumn} aria-label={t('inbox.conversation')}>
          {shown
            ? <ReadingPane task={shown} canAct={canAct} isPhone={isPhone} isSnoozeOpen={isSnoozeOpen} onSnoozeOpen={setIsSnoozeOpen} onBack={() => open(undefined)} onDone={() => done([shown])} onReopen={() => reopen([shown])} onSnooze={(until) => snooze([shown], until)} onUnread={unread} />
            : isGone ? <EmptyState icon={IconMail} title={t('inbox.gone')} action={{ label: t('shell.command.threadBack'), run: () => open(undefined) }} />
            : <EmptyState icon={IconMail} title={t('inbox.noneOpen')} hint={<>{t('inbox.pressToOpen')} <kbd className="key">J</kbd> · {t('inbox.pressForHelp')} <kbd className="key">?</kbd></>} />}
        </section>
      )}
    </div>
  );
}
