import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Finding } from '#/shared/api/types';
import { StatusDot } from '#/shared/parts/StatusDot';
import { DnsRecord } from './DnsRecord';
import { HEALTH } from './suppression';
import classes from './suppression.module.css';

/** What DNS says of one thing, and the record that helps. */
export function FindingRow({ finding, domain }: { finding: Finding; domain: string }) {
  const { t } = useTranslation();
  return (
    <li className={classes.finding}>
      <StatusDot health={HEALTH[finding.state]}><span className={classes.check}>{finding.check.toUpperCase()}</span></StatusDot>
      <div className={classes.said}>
        <Text size="sm">{t(`suppression.finding.${finding.code}`, { domain, defaultValue: finding.text })}</Text>
        {finding.found.map((text) => <code key={text} className={classes.found}>{text}</code>)}
        {finding.record_name && <DnsRecord name={finding.record_name} value={finding.record_value} />}
      </div>
    </li>
  );
}
