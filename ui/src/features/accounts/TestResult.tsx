import { Anchor, Text } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ConnectionTest, ServerTest } from '#/shared/api/types';
import { Panel } from '#/shared/parts/Page';
import classes from './accounts.module.css';

/** Receiving and sending apart: each step as far as it went, the server's words, and what to do next. */
export function TestResult({ result }: { result: ConnectionTest }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('accounts.testResult')}>
      <div className={classes.tests} role="status">
        {result.imap && <OneServer title={t('accounts.imap')} test={result.imap} />}
        {result.smtp && <OneServer title={t('accounts.smtp')} test={result.smtp} />}
      </div>
    </Panel>
  );
}

function OneServer({ title, test }: { title: string; test: ServerTest }) {
  const { t } = useTranslation();
  return (
    <section className={classes.test}>
      <Text component="h3" size="sm" fw={600} mb={8}>{title} <span className={test.ok ? classes.works : classes.fails}>{t(test.ok ? 'accounts.works' : 'accounts.fails')}</span></Text>
      <ol className={classes.testSteps}>
        {test.steps.map((step) => (
          <li key={step.name} data-ok={step.ok}>
            {step.ok ? <IconCheck size={15} aria-label={t('accounts.works')} /> : <IconX size={15} aria-label={t('accounts.fails')} />}
            <span><Text span size="sm">{step.name}</Text>{step.detail && <Text span size="xs" c="var(--text-3)" display="block">{step.detail}</Text>}</span>
          </li>
        ))}
      </ol>
      {!test.ok && (
        <div className={classes.remedy}>
          {test.error && <Text size="xs" c="var(--text-3)">{t('accounts.serverSaid')} <q>{test.error}</q></Text>}
          {test.cause && <Text size="sm" fw={550} mt={4}>{test.cause}</Text>}
          {test.next_step && <Text size="sm" mt={2}>{test.next_step}</Text>}
          {test.admin_step && <Text size="sm" mt={6}><Text span size="sm" fw={600}>{t('mend.forAdmin')}</Text> {test.admin_step}</Text>}
          {test.help_url && <Anchor size="sm" href={test.help_url} target="_blank" rel="noopener noreferrer">{t('accounts.howTo')}</Anchor>}
        </div>
      )}
    </section>
  );
}
