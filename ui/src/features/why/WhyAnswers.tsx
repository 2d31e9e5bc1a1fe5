import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { WhyAnswer, WhyRow } from '#/shared/api/types';
import { Panel } from '#/shared/parts/Page';
import { StatusDot, type Health } from '#/shared/parts/StatusDot';
import { count, fullDate } from '#/shared/time/format';
import { UndoLink } from './UndoLink';
import classes from './why.module.css';

const healthOf = (verdict: string): Health => (verdict === 'kept' ? 'good' : verdict === 'failed' ? 'bad' : 'off');

export function WhyAnswers({ answer }: { answer: WhyAnswer }) {
  const { t } = useTranslation();
  return (
    <>
      {answer.data.length > 0 && (
        <Panel title={t('mail.why.found', { count: answer.data.length, shown: count(answer.data.length) })} flush>
          <ul className={classes.rows}>{answer.data.map((row) => <Row key={`${row.account_id} ${row.folder} ${row.uid}`} row={row} />)}</ul>
        </Panel>
      )}
      {answer.not_seen_in.length > 0 && (
        <Panel title={t('mail.why.notSeen')} flush>
          <ul className={classes.rows}>
            {answer.not_seen_in.map((place) => (
              <li key={place.account_email} className={classes.row}><div className={classes.place}><Text size="sm" fw={550}>{place.account_email}</Text></div><Text size="sm" c="var(--text-2)">{place.hint}</Text></li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}

function Row({ row }: { row: WhyRow }) {
  const { t } = useTranslation();
  return (
    <li className={classes.row}>
      <div className={classes.place}>
        <Text size="sm" fw={550} truncate>{row.account_email}</Text>
        <Text size="xs" c="var(--text-3)">{t('mail.why.place', { folder: row.folder, uid: row.uid })}{row.date && ` · ${fullDate(row.date)}`}</Text>
      </div>
      <div className={classes.verdict}>
        <StatusDot health={healthOf(row.verdict)}>{row.verdict_text}</StatusDot>
        {row.error && <Text size="xs" c="var(--text-3)">{row.error}</Text>}
        {row.leads.map((lead) => (
          <Text key={lead.email_id} size="sm"><Link to="/leads/$leadId" params={{ leadId: lead.lead_id }}>{lead.lead_name}</Link> <Text span size="xs" c="var(--text-3)">{lead.reason_text}</Text> <UndoLink emailId={lead.email_id} /></Text>
        ))}
      </div>
    </li>
  );
}
