import { Text, TextInput } from '@mantine/core';
import { useDebouncedCallback, useMediaQuery } from '@mantine/hooks';
import { IconMail, IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Mail, MailBox } from '#/shared/api/types';
import { releaseKeys } from '#/shared/commands/heldKeys';
import { useCommands } from '#/shared/commands/registry';
import { useListKeys } from '#/shared/commands/useListKeys';
import { discardEmails, useDiscarded } from '#/shared/mail/discard';
import { editEmail, sendEmailNow } from '#/shared/mail/moveEmail';
import { showOriginal } from '#/shared/mail/askedDialogs';
import { startReply } from '#/shared/mail/startReply';
import { WhoseMail } from '#/shared/mail/WhoseMail';
import { EmptyState } from '#/shared/parts/EmptyState';
import { ErrorState } from '#/shared/parts/ErrorState';
import { mistakeIn, QueryMistake } from '#/shared/parts/QueryMistake';
import { LongList, type LongListHandle } from '#/shared/parts/LongList';
import { SplitPlace } from '#/shared/parts/SplitPlace';
import { useOpenId } from '#/shared/parts/useOpenId';
import classes from '#/shared/parts/split.module.css';
import { useUser } from '#/shared/requests/authState';
import { mailListQuery } from '#/shared/requests/mailLists';
import { EmptyMail } from './EmptyMail';
import { MailPane } from './MailPane';
import { MailRow } from './MailRow';
import { SetAsideEmails } from './SetAsideEmails';
import { useOpenMail } from './useOpenMail';

export const PLACE_OF = { draft: 'drafts', scheduled: 'scheduled', outbox: 'outbox', sent: 'sent', any: 'search' } as const;
const NONE: Mail[] = [];

export type MailSearch = { t?: string; who?: string; account?: string; q?: string };
type Props = { box: MailBox; search: MailSearch; onSearch: (change: MailSearch, isNewPlace: boolean) => void; onLeave: () => void };

/** Drafts, Scheduled, Outbox, Sent, and the search through everything. */
export function MailListPage({ box, search: { t: address, who, account, q: words = '' }, onSearch, onLeave }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const me = useUser();
  const isPhone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const list = useRef<LongListHandle>(null);
  const field = useRef<HTMLInputElement>(null);
  const discarded = useDiscarded((state) => state.ids);

  const everybody = box === 'any' ? 'all' : me.id;
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage, isPending, isFetching, error, refetch } = useInfiniteQuery(mailListQuery({ box, who: who ?? everybody, account: account ?? '', words }));
  const items = useMemo(() => data?.pages.flatMap((page) => page.data).filter((mail) => !discarded.has(mail.id)) ?? NONE, [data, discarded]);
  const mistake = mistakeIn(error, words);
  const isAsking = isPending && isFetching; // a search without words asks nothing
  const [openId, setOpenId] = useOpenId(address, `${who} ${account} ${words}`, (id, isNewPlace) => onSearch(clean({ t: id, who, account, q: words }), isNewPlace));
  const open = useCallback((id: string | undefined) => setOpenId(id, isPhone && !!id), [setOpenId, isPhone]);
  const { at, mail, shown, isGone } = useOpenMail(items, openId, isAsking);
  const canAct = !!mail && (mail.user_id === me.id || mail.user_id === null);

  const change = (next: MailSearch, isNewPlace: boolean) => onSearch({ ...(who ? { who } : {}), ...(account ? { account } : {}), ...(words ? { q: words } : {}), ...next }, isNewPlace);
  const more = useCallback(() => { if (!isFetchingNextPage) void fetchNextPage(); }, [isFetchingNextPage, fetchNextPage]);
  const ask = useDebouncedCallback((text: string) => onSearch(clean({ who, account, q: text.trim() }), false), 250);
  const clear = () => { if (field.current) field.current.value = ''; ask.cancel(); onSearch(clean({ who, account }), false); };
  const discard = () => {
    if (!mail || !canAct || mail.status === 'sent' || mail.status === 'inbox') return;
    const next = items[at + 1] ?? items[at - 1];
    discardEmails(queries, [mail.id], mail.status === 'scheduled' || mail.status === 'outbox' ? [mail.id] : [], () => open(mail.id));
    open(isPhone ? undefined : next?.id);
  };

  useListKeys({ items, at, open, reveal: (index) => list.current?.reveal(index) });
  const isOut = mail?.status === 'sent' || mail?.status === 'inbox';
  useCommands({
    threadBack: () => { if (openId) open(undefined); else if (words) clear(); else if (box === 'any') onLeave(); },
    appSearch: () => field.current?.focus(),
    ...(mail && isOut && { threadReply: () => void startReply(mail.id, 'reply'), threadReplyAll: () => void startReply(mail.id, 'replyAll'), threadForward: () => void startReply(mail.id, 'forward'), threadOriginal: () => showOriginal(mail.id) }),
    ...(mail && !isOut && canAct && { mailEdit: () => void editEmail(queries, mail), mailDiscard: discard }),
    ...(mail && canAct && (mail.status === 'scheduled' || mail.status === 'error') && { mailSendNow: () => void sendEmailNow(queries, mail) }),
  });

  const title = t(`shell.place.${PLACE_OF[box]}`);
  useEffect(() => { document.title = `${words ? `${words} · ` : ''}${title} · Postroom`; }, [title, words]);
  useEffect(() => { if (box === 'any') field.current?.focus(); }, [box]);
  useEffect(() => { if (field.current && document.activeElement !== field.current) field.current.value = words; }, [words]);

  return (
    <SplitPlace title={title} paneTitle={t('inbox.conversation')} isPhone={isPhone} isOpen={!!openId}
      list={(
        <>
          <div className={classes.listHead}>
            <Text component="h1" fw={650} size="lg">{title}</Text>
            <Text size="xs" c="var(--text-3)" mr="auto" role="status">{!items.length ? '' : t('lists.count', { count: items.length, more: hasNextPage ? '+' : '' })}</Text>
            {box !== 'any' && <WhoseMail who={who} account={account} onChange={(whose) => onSearch(clean({ ...whose, q: words }), true)} />}
          </div>
          <div className={classes.searchRow}>
            <TextInput ref={field} size="xs" defaultValue={words} leftSection={<IconSearch size={14} />} rightSection={<kbd className="key">/</kbd>} placeholder={t(box === 'any' ? 'lists.searchAll' : 'lists.search')} aria-label={t(box === 'any' ? 'lists.searchAll' : 'lists.search')}
              onFocus={(event) => { const held = releaseKeys(); if (held) { event.currentTarget.value += held.replaceAll('\n', ''); ask(event.currentTarget.value); } }}
              onChange={(event) => ask(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key === 'Escape') { event.stopPropagation(); const isEmpty = !event.currentTarget.value; clear(); event.currentTarget.blur(); if (isEmpty && box === 'any') onLeave(); }
                if ((event.key === 'ArrowDown' || event.key === 'Enter') && items[0]) { event.preventDefault(); event.currentTarget.blur(); open(items[0].id); }
              }} />
          </div>
          {who !== undefined && <div className={classes.readOnly}>{t('lists.readOnly')}</div>}
          {box === 'draft' && who === undefined && <SetAsideEmails />}
          {mistake ? <QueryMistake words={words} mistake={mistake} onMend={(text) => { if (field.current) field.current.value = text; ask.cancel(); onSearch(clean({ who, account, q: text }), false); }} />
            : error && !items.length ? <ErrorState error={error} onRetry={() => void refetch()} />
            : !isAsking && items.length === 0 ? <EmptyMail box={box} words={words} onClear={clear} />
            : <LongList ref={list} items={items} isPending={isAsking} hasMore={hasNextPage} onMore={more} openId={openId} label={title}
                row={(each, index) => <MailRow mail={each} isOpen={each.id === openId} showsOwner={who === 'all' || box === 'any'} index={index} total={items.length} onOpen={open} />} />}
        </>
      )}
      pane={shown
        ? <MailPane mail={shown} canAct={canAct} isPhone={isPhone} onBack={() => open(undefined)} onDiscard={discard} />
        : isGone ? <EmptyState icon={IconMail} title={t('lists.gone')} action={{ label: t('shell.command.threadBack'), run: () => change({}, false) }} />
        : items.length > 0 && <EmptyState icon={IconMail} title={t('lists.noneOpen')} hint={<>{t('inbox.pressToOpen')} <kbd className="key">J</kbd> · {t('inbox.pressForHelp')} <kbd className="key">?</kbd></>} />} />
  );
}

/** Without what is empty: it would stand in the address. */
const clean = (search: { [K in keyof MailSearch]?: string | undefined }): MailSearch => Object.fromEntries(Object.entries(search).filter(([, value]) => value)) as MailSearch;
