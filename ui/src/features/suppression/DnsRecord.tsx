import { Button, CopyButton } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './suppression.module.css';

/** A TXT record to be copied to the DNS provider, name and value apart as its form wants them. */
export function DnsRecord({ name, value }: { name: string; value: string }) {
  const { t } = useTranslation();
  return (
    <dl className={classes.record}>
      <Line term={t('suppression.recordName')} text={name} />
      <Line term={t('suppression.recordValue')} text={value} />
    </dl>
  );
}

function Line({ term, text }: { term: string; text: string }) {
  const { t } = useTranslation();
  return (
    <div className={classes.line}>
      <dt>{term}</dt>
      <dd>
        <code>{text}</code>
        <CopyButton value={text}>
          {({ copied, copy }) => <Button className={classes.copy} size="compact-xs" variant="subtle" leftSection={copied ? <IconCheck size={13} /> : <IconCopy size={13} />} aria-label={`${t('suppression.copy')}: ${term}`} onClick={copy}>{t(copied ? 'suppression.copied' : 'suppression.copy')}</Button>}
        </CopyButton>
      </dd>
    </div>
  );
}
