import { Select, Skeleton, Text, TextInput } from '@mantine/core';
import { IconSearch, IconSearchOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '#/shared/parts/EmptyState';
import { ErrorState } from '#/shared/parts/ErrorState';
import { apiDocumentQuery, partsOf, partsWith, type Part } from './document';
import { Beginning } from './Beginning';
import { OperationCard } from './OperationCard';
import { namedIn } from './shapes';
import classes from './reference.module.css';

/** `part`: whose operations are shown; `q`: words that they must hold, whatever they are about; `op`: the open one. */
export type ReferenceSearch = { part?: string | undefined; q?: string | undefined; op?: string | undefined };
type Props = { search: ReferenceSearch; onSearch: (search: ReferenceSearch) => void };
const EMPTY = { paths: {} };
const MOST_FOUND = 60;

/** Everything the API answers, from its own document: read, searched, and tried in place. */
export function ReferencePage({ search: { part, q = '', op }, onSearch }: Props) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(apiDocumentQuery);
  const pane = useRef<HTMLDivElement>(null);
  const named = useMemo(() => namedIn(data ?? EMPTY), [data]);
  const parts = useMemo(() => partsOf(data ?? EMPTY), [data]);
  const found = useMemo(() => partsWith(parts, q, named), [parts, q, named]);
  const shown = q.trim() ? found : found.filter(({ name }) => name === part);
  const total = shown.reduce((sum, { operations }) => sum + operations.length, 0);
  useEffect(() => { document.title = `${t('reference.title')} · Postroom`; }, [t]);
  useEffect(() => { pane.current?.scrollTo?.(0, 0); }, [part, q]);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;

  return (
    <div className={classes.frame}>
      <nav className={classes.column} aria-label={t('reference.parts')}>
        <TextInput size="sm" type="search" leftSection={<IconSearch size={15} />} placeholder={t('reference.search')} aria-label={t('reference.search')} value={q} onChange={(event) => onSearch({ part, q: event.currentTarget.value || undefined })} />
        <div className={classes.parts}>
          <button type="button" className={classes.part} aria-current={!part && !q ? 'page' : undefined} onClick={() => onSearch({})}>{t('reference.beginning')}</button>
          {isPending && <Skeleton h={300} />}
          <PartLinks parts={parts} open={q ? undefined : part} onOpen={(name) => onSearch({ part: name })} />
        </div>
        <Select className={classes.choice} size="sm" aria-label={t('reference.parts')} placeholder={t('reference.beginning')} clearable clearButtonProps={{ 'aria-label': t('reference.beginning') }} data={parts.map(({ name }) => name)} value={(!q && part) || null} onChange={(name) => onSearch({ part: name ?? undefined })} />
      </nav>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keys */}
      <div className={classes.pane} tabIndex={0} ref={pane}>
        <Text component="h1" fw={650} size="xl">{q ? t('reference.found', { count: total }) : part ?? t('reference.title')}</Text>
        {isPending && <Skeleton h={240} mt="md" radius={12} />}
        {!q && !part && data && <Beginning count={parts.reduce((sum, { operations }) => sum + operations.length, 0)} />}
        {data && q.trim() && !total && <EmptyState icon={IconSearchOff} title={t('reference.nothing', { words: q })} hint={t('reference.nothingHint')} />}
        {firstOf(shown).map(({ name, operations }) => (
          <section key={name} aria-label={name}>
            {q.trim() && <Text component="h2" size="sm" fw={600} mt="lg" c="var(--text-2)">{name}</Text>}
            {operations.map((operation) => (
              <OperationCard key={operation.id} operation={operation} named={named} isOpen={op === operation.id} onOpen={() => onSearch({ part, q: q || undefined, op: op === operation.id ? undefined : operation.id })} />
            ))}
          </section>
        ))}
      </div>
    </div>
  );
}

function PartLinks({ parts, open, onOpen }: { parts: Part[]; open: string | undefined; onOpen: (name: string) => void }) {
  const { t } = useTranslation();
  const sections = [...new Set(parts.map(({ section }) => section))];
  return sections.map((section) => (
    <div key={section}>
      <Text className={classes.section}>{t(`reference.section.${section}`)}</Text>
      {parts.filter((part) => part.section === section).map(({ name, operations }) => (
        <button key={name} type="button" className={classes.part} aria-current={name === open ? 'page' : undefined} onClick={() => onOpen(name)}><code>{name}</code><span className={classes.many}>{operations.length}</span></button>
      ))}
    </div>
  ));
}

/** So many that a page can show them at once. */
function firstOf(parts: Part[]): Part[] {
  let left = MOST_FOUND;
  return parts.flatMap((part) => {
    const operations = part.operations.slice(0, left);
    left -= operations.length;
    return operations.length ? [{ ...part, operations }] : [];
  });
}
