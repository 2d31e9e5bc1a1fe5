import { Button, Skeleton, Text, TextInput } from '@mantine/core';
import { IconMailQuestion, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommands } from '#/shared/commands/registry';
import { EmptyState } from '#/shared/parts/EmptyState';
import { ErrorState } from '#/shared/parts/ErrorState';
import { ScrollPage } from '#/shared/parts/Page';
import { WhyAnswers } from './WhyAnswers';
import { whyQuery } from './whyQuery';
import classes from './why.module.css';

/** Where an email is, and if it is not here, the reason. */
export function WhyPage({ question, onAsk }: { question: string; onAsk: (question: string) => void }) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const { data, error, isFetching, refetch } = useQuery(whyQuery(question));
  useCommands({ appSearch: () => field.current?.focus() });
  return (
    <ScrollPage title={t('shell.place.why')} hint={t('mail.why.hint')}>
      <form className={classes.ask} onSubmit={(event) => { event.preventDefault(); onAsk(field.current?.value.trim() ?? ''); }}>
        <TextInput key={question} ref={field} flex={1} size="md" autoFocus={!question} defaultValue={question} leftSection={<IconSearch size={16} />} placeholder={t('mail.why.placeholder')} aria-label={t('mail.why.placeholder')} />
        <Button type="submit" size="md" loading={isFetching}>{t('mail.why.ask')}</Button>
      </form>
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!question && <EmptyState icon={IconMailQuestion} title={t('mail.why.start')} hint={t('mail.why.startHint')} />}
      {question && !data && !error && <Skeleton h={160} radius={12} />}
      {data && <WhyAnswers answer={data} />}
      {data && !data.data.length && !data.not_seen_in.length && <Text c="var(--text-3)">{t('mail.why.nothing')}</Text>}
    </ScrollPage>
  );
}
