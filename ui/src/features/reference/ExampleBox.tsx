import { Button, SegmentedControl, Text, TextInput } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CodeBlock } from '#/shared/parts/CodeBlock';
import { explainError } from '#/shared/parts/explainError';
import type { Operation } from './document';
import { addressOf, exampleOf, isComplete, neededBy, written, type Way } from './examples';
import { idsQuery, run } from './findIds';
import classes from './reference.module.css';

const WAYS = [{ value: 'curl', label: 'curl' }, { value: 'python', label: 'Python (closeio)' }];

/** How to ask it: for the shell and for Python, with ids that are there; what only reads is tried in place. */
export function ExampleBox({ operation }: { operation: Operation }) {
  const { t } = useTranslation();
  const [way, setWay] = useState<Way>('curl');
  const { data: known = {} } = useQuery(idsQuery(neededBy(operation)));
  const example = exampleOf(operation, known);
  if (!example) return null;
  return (
    <section>
      <div className={classes.exampleHead}>
        <Text component="h3" size="sm" fw={600}>{t('reference.example')}</Text>
        <SegmentedControl size="xs" data={WAYS} value={way} onChange={(value) => setWay(value as Way)} aria-label={t('reference.example')} />
      </div>
      <CodeBlock label={t('reference.example')}>{written(way, operation, example, location.origin)}</CodeBlock>
      {operation.method === 'get' && operation.answer.kind === 'application/json' && <Trial key={addressOf(operation, example)} start={addressOf(operation, example)} isReady={isComplete(example)} />}
    </section>
  );
}

function Trial({ start, isReady }: { start: string; isReady: boolean }) {
  const { t } = useTranslation();
  const [address, setAddress] = useState(start);
  const ran = useMutation({ mutationFn: () => run(address) });
  const isOurs = /^\/api\/v1\/[^$]*$/.test(address);
  return (
    <form className={classes.trial} onSubmit={(event) => { event.preventDefault(); if (isOurs) ran.mutate(); }}>
      <div className={classes.trialRow}>
        <TextInput flex={1} size="xs" aria-label={t('reference.tryAddress')} leftSection={<Text size="xs" fw={600}>GET</Text>} leftSectionWidth={40} value={address} onChange={(event) => setAddress(event.currentTarget.value)} spellCheck={false} error={!isOurs && isReady} classNames={{ input: classes.mono! }} />
        <Button type="submit" size="xs" variant="default" leftSection={<IconPlayerPlay size={14} />} loading={ran.isPending} disabled={!isOurs}>{t('reference.try')}</Button>
      </div>
      <Text size="xs" c="var(--text-3)">{t(isReady ? 'reference.tryHint' : 'reference.tryNothing')}</Text>
      {ran.error && <Text size="sm" c="var(--bad)" role="alert">{explainError(ran.error, t)}</Text>}
      {ran.data && (
        <div role="status">
          <Text size="xs" fw={600} c={ran.data.status < 400 ? 'var(--good)' : 'var(--bad)'} mb={4}>{t('reference.ran', { status: ran.data.status, ms: ran.data.ms })}</Text>
          <CodeBlock label={t('reference.ranLabel')} isTall>{ran.data.text}</CodeBlock>
        </div>
      )}
    </form>
  );
}
