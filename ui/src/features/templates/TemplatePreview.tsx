import { Select, Skeleton, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post } from '#/shared/api/client';
import type { Attachment } from '#/shared/api/types';
import { SafeFrame } from '#/shared/editor/SafeFrame';
import { explainError } from '#/shared/parts/explainError';
import { Notice } from '#/shared/parts/Notice';
import classes from './templates.module.css';

type Someone = { value: string; label: string; leadId: string; contactId: string };
const SHOWN = 12;

/** What one contact would get, with every variable that would come out empty named. */
export function TemplatePreview({ subject, body, attachments }: { subject: string; body: string; attachments: Attachment[] }) {
  const { t } = useTranslation();
  const [words, setWords] = useState('');
  const [asked] = useDebouncedValue(words, 200);
  const [chosen, setChosen] = useState<Someone | null>(null);
  const { data: people = [], isFetched } = useQuery({
    queryKey: ['previewPeople', asked],
    queryFn: async ({ signal }) => {
      const { data } = await get('/lead/', { query: { query: asked, _limit: SHOWN, _fields: 'id,display_name,contacts' }, signal });
      return data.flatMap((lead) => lead.contacts.map((contact): Someone => ({ value: contact.id, label: `${contact.display_name || contact.emails[0]?.email || ''} · ${lead.display_name}`, leadId: lead.id, contactId: contact.id })));
    },
    placeholderData: keepPreviousData,
  });
  const one = chosen ?? people[0] ?? null;
  const wanted = useMemo(() => ({ subject, body, lead_id: one?.leadId ?? null, contact_id: one?.contactId ?? null }), [subject, body, one?.leadId, one?.contactId]);
  const [settled] = useDebouncedValue(wanted, 350);
  const { data, error } = useQuery({ queryKey: ['templatePreview', settled], queryFn: () => post('/email_template/render/', { body: settled }), enabled: isFetched && settled.contact_id === wanted.contact_id, placeholderData: keepPreviousData, retry: false });
  const unknown = [...new Set(data?.missing.filter(({ reason }) => reason === 'unknown').map(({ tag }) => tag))];
  const empty = [...new Set(data?.missing.filter(({ reason }) => reason !== 'unknown').map(({ variable }) => variable))];
  const choices = one && !people.some(({ value }) => value === one.value) ? [one, ...people] : people;

  return (
    <aside className={classes.preview} aria-label={t('templates.preview')}>
      <div className={classes.previewHead}>
        <Text component="h2" fw={600} size="sm">{t('templates.preview')}</Text>
        <Select className={classes.person} size="xs" searchable aria-label={t('templates.previewFor')} placeholder={t('templates.previewFor')} data={choices} value={one?.value ?? null} filter={({ options }) => options} nothingFoundMessage={t('shell.nothingFound')}
          onSearchChange={(text) => setWords(text === one?.label ? '' : text)} onChange={(value) => setChosen(choices.find((each) => each.value === value) ?? null)} />
      </div>
      {error ? <Notice tone="bad">{explainError(error, t)}</Notice>
        : unknown.length ? <Notice tone="bad" title={t('templates.unknown')}>{unknown.join(', ')}</Notice>
        : empty.length ? <Notice tone="warn" title={t('templates.empty')}>{empty.join(', ')}</Notice>
        : data && <div className={classes.fine}><IconCircleCheck size={15} aria-hidden />{t('templates.allFilled')}</div>}
      {!data && !error ? <Skeleton h={200} radius={10} /> : (
        <div className={classes.letter}>
          <Text fw={650} size="md" className={classes.letterSubject}>{data?.subject || t('mail.noSubject')}</Text>
          <SafeFrame html={data?.body ?? ''} title={t('templates.preview')} />
          {attachments.some((file) => !file.inline_only) && <Text size="xs" mt={10} c="#5b6473">{attachments.filter((file) => !file.inline_only).map((file) => file.filename).join(', ')}</Text>}
        </div>
      )}
      {!one && isFetched && <div className={classes.fine}><IconAlertTriangle size={15} aria-hidden />{t('templates.noPeople')}</div>}
    </aside>
  );
}
