import { Button, SegmentedControl, Text, TextInput } from '@mantine/core';
import { IconPlus, IconSearch, IconTemplate } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommands } from '#/shared/commands/registry';
import { EmptyState } from '#/shared/parts/EmptyState';
import { ErrorState } from '#/shared/parts/ErrorState';
import { KeyTip } from '#/shared/parts/KeyTip';
import { useUser } from '#/shared/requests/authState';
import { templatesQuery } from '#/shared/requests/templates';
import { SHELVES, type Shelf } from './shelves';
import { TemplateRow } from './TemplateRow';
import classes from './templates.module.css';

type Props = { shelf: Shelf; onShelf: (shelf: Shelf) => void; onOpen: (templateId: string) => void; onNew: () => void };

export function TemplateListPage({ shelf, onShelf, onOpen, onNew }: Props) {
  const { t } = useTranslation();
  const me = useUser();
  const field = useRef<HTMLInputElement>(null);
  const [words, setWords] = useState('');
  const [at, setAt] = useState(-1);
  const { data, error, refetch } = useQuery(templatesQuery(shelf === 'archived'));
  const templates = useMemo(() => (data ?? []).filter((template) => {
    const isOnShelf = shelf === 'all' || shelf === 'archived' || (shelf === 'shared' ? template.is_shared : template.user_id === me.id);
    return isOnShelf && words.toLowerCase().split(/\s+/).every((word) => `${template.name} ${template.subject}`.toLowerCase().includes(word));
  }), [data, shelf, words, me.id]);

  const goTo = (index: number) => setAt(Math.max(0, Math.min(templates.length - 1, index)));
  useCommands({
    appSearch: () => field.current?.focus(), templateNew: onNew,
    listNext: () => goTo(at + 1), listPrevious: () => goTo(at - 1), listFirst: () => goTo(0), listLast: () => goTo(templates.length - 1),
    listOpen: () => { const template = templates[at]; if (template) onOpen(template.id); },
  });
  useEffect(() => { document.title = `${t('shell.place.templates')} · Postroom`; }, [t]);

  return (
    <div className={classes.listPage}>
      <header className={classes.listHead}>
        <Text component="h1" fw={650} size="lg">{t('shell.place.templates')}</Text>
        <SegmentedControl className={classes.shelves} size="xs" value={shelf} onChange={(next) => { setAt(-1); onShelf(next as Shelf); }} data={SHELVES.map((value) => ({ value, label: t(`templates.shelf.${value}`) }))} aria-label={t('templates.shelves')} />
        <TextInput ref={field} className={classes.search} size="xs" value={words} leftSection={<IconSearch size={14} />} rightSection={<kbd className="key">/</kbd>} placeholder={t('templates.search')} aria-label={t('templates.search')} onChange={(event) => { setAt(-1); setWords(event.currentTarget.value); }}
          onKeyDown={(event) => { if (event.key === 'Escape') { setWords(''); event.currentTarget.blur(); } }} />
        <KeyTip command="templateNew"><Button size="xs" leftSection={<IconPlus size={15} />} onClick={onNew}>{t('shell.command.templateNew')}</Button></KeyTip>
      </header>
      {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} />
        : data && !templates.length ? (
          words
            ? <EmptyState icon={IconSearch} title={t('leads.nothingFound', { words })} action={{ label: t('leads.clearSearch'), run: () => setWords('') }} />
            : <EmptyState icon={IconTemplate} title={t(`templates.none.${shelf}`)} hint={t('templates.noneHint')} {...(shelf === 'archived' ? {} : { action: { label: t('shell.command.templateNew'), run: onNew } })} />
        ) : (
          <ul className={classes.list} aria-label={t('shell.place.templates')} aria-busy={!data}>
            {!data && [1, 2, 3, 4].map((number) => <li key={number} className={classes.skeleton} />)}
            {templates.map((template, index) => <TemplateRow key={template.id} template={template} isCurrent={index === at} />)}
          </ul>
        )}
    </div>
  );
}
