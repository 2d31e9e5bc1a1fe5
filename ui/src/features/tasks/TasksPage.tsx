import { Button, NativeSelect, SegmentedControl, Text } from '@mantine/core';
import { IconChecklist } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TaskCard } from '#/shared/api/types';
import { useCommands } from '#/shared/commands/registry';
import { EmptyState } from '#/shared/parts/EmptyState';
import { ErrorState } from '#/shared/parts/ErrorState';
import { useUser } from '#/shared/requests/authState';
import { tasksQuery } from '#/shared/requests/leadTasks';
import { userName, usersQuery } from '#/shared/requests/users';
import { today } from '#/shared/time/zone';
import { inOrder, placeOf, stretches } from './stretches';
import { TaskRow } from './TaskRow';
import { useTaskActions } from './useTaskActions';
import classes from './tasks.module.css';

export type TasksSearch = { show?: 'done'; who?: string };
type Props = { search: TasksSearch; onSearch: (search: TasksSearch) => void };
const EVERYBODY = 'all';

/** What one has to do for all leads, and who did not answer: by day, ticked off and put off in place. */
export function TasksPage({ search, onSearch }: Props) {
  const { t } = useTranslation();
  const me = useUser();
  const { data: users = [] } = useQuery(usersQuery);
  const isDone = search.show === 'done';
  const who = search.who ?? me.id;
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(tasksQuery(isDone, who));
  const tasks = useMemo(() => inOrder(data?.pages.flatMap((page) => page.data) ?? [], isDone), [data, isDone]);
  const [at, setAt] = useState({ index: -1, id: '' });
  const [later, setLater] = useState<string>(); // whose menu of times is open
  const { tick, putOff, open } = useTaskActions(isDone, who);

  const place = placeOf(tasks, at);
  const current = tasks[place];
  const goTo = (wanted: number) => { const index = Math.max(0, Math.min(tasks.length - 1, wanted)); setAt({ index, id: tasks[index]?.id ?? '' }); };
  const go = (next: TasksSearch) => { setAt({ index: -1, id: '' }); onSearch(next); };
  const putAside = (task: TaskCard, until: Date) => {
    if (task.id === current?.id) setAt({ index: place, id: tasks[place + 1]?.id ?? '' }); // it goes down the list; one stays here
    putOff(task, until);
  };
  useCommands({
    listNext: () => goTo(place + 1), listPrevious: () => goTo(place - 1), listFirst: () => goTo(0), listLast: () => goTo(tasks.length - 1),
    listOpen: () => { if (current) open(current); },
    threadDone: () => { if (current) tick(current); },
    ...(!isDone && { threadSnooze: () => { if (current) setLater(current.id); } }),
  });
  useEffect(() => { document.title = `${t('tasks.title')} · Postroom`; }, [t]);

  const people = [{ value: me.id, label: t('inbox.mine') }, ...users.filter((user) => user.id !== me.id).map((user) => ({ value: user.id, label: userName(user) })), { value: EVERYBODY, label: t('inbox.everybody') }];
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <Text component="h1" fw={650} size="lg">{t('tasks.title')}</Text>
        <SegmentedControl className={classes.shown} size="xs" value={isDone ? 'done' : 'open'} data={[{ value: 'open', label: t('tasks.open') }, { value: 'done', label: t('tasks.done') }]} aria-label={t('tasks.which')}
          onChange={(next) => go({ ...(next === 'done' ? { show: 'done' } : {}), ...(search.who ? { who: search.who } : {}) })} />
        {people.length > 2 && (
          <NativeSelect className={classes.who} size="xs" value={who} data={people} aria-label={t('tasks.whose')}
            onChange={(event) => { const next = event.currentTarget.value; go({ ...(isDone ? { show: 'done' } : {}), ...(next === me.id ? {} : { who: next }) }); }} />
        )}
      </header>
      {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} />
        : data && !tasks.length ? <EmptyState icon={IconChecklist} title={t(isDone ? 'tasks.noneDone' : 'tasks.noneOpen')} hint={t(isDone ? 'tasks.noneDoneHint' : 'tasks.noneOpenHint')} />
        : (
          <div className={classes.scroller} aria-busy={!data}>
            {!data && [1, 2, 3, 4].map((number) => <div key={number} className={classes.skeleton} />)}
            {stretches(tasks, isDone, today()).map(({ name, tasks: some, from }) => (
              <section key={name} aria-labelledby={`tasks-${name}`}>
                <Text id={`tasks-${name}`} component="h2" className={classes.stretch} data-urgency={name}>{t(`tasks.stretch.${name}`)}</Text>
                <ul className={classes.list}>
                  {some.map((task, index) => (
                    <TaskRow key={task.id} task={task} isCurrent={from + index === place} showsOwner={who !== me.id} isPicking={later === task.id}
                      onTick={tick} onOpen={open} onPicking={(is) => setLater(is ? task.id : undefined)} onLater={putAside} />
                  ))}
                </ul>
              </section>
            ))}
            {hasNextPage && <Button className={classes.more} variant="default" size="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('tasks.more')}</Button>}
          </div>
        )}
    </div>
  );
}
