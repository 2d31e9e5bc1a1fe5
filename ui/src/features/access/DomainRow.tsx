import { Button, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { OwnDomain } from '#/shared/api/types';
import { fullDate } from '#/shared/time/format';
import { answersFor, type Answer } from './domains';
import classes from './access.module.css';

/** A domain, why it is ours or not, and what an admin can say about it. */
export function DomainRow({ row, isBusy, onSay }: { row: OwnDomain; isBusy: boolean; onSay: (answer: Answer) => void }) {
  const { t } = useTranslation();
  const why = t(`domains.why.${row.why as 'users'}`, { who: row.said_by || t('domains.before'), when: row.said_on ? fullDate(row.said_on) : '', count: row.users.length });
  const there = [...new Set([...row.users, ...row.accounts])];
  return (
    <li className={classes.domain}>
      <div className={classes.domainText}>
        <Text size="sm" fw={600}>{row.domain}</Text>
        <Text size="xs" c="var(--text-2)">{why}</Text>
        {there.length > 0 && <Text size="xs" c="var(--text-3)" lineClamp={2}>{there.join(', ')}</Text>}
      </div>
      {answersFor(row).map((answer) => <Button key={answer} size="xs" variant="default" disabled={isBusy} aria-label={`${row.domain}: ${t(`domains.answer.${answer}`)}`} onClick={() => onSay(answer)}>{t(`domains.answer.${answer}`)}</Button>)}
    </li>
  );
}
