import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Notice } from '#/shared/parts/Notice';
import { count } from '#/shared/time/format';
import { countBulkAsSent, sendBulkAgain } from './bulkRequests';
import classes from './bulk.module.css';

type Props = { number: number; canSendAgain: boolean; isBusy: boolean; onAct: (run: (bulkId: string) => Promise<unknown>) => void };

/** Emails that may have been sent: what each way of settling them means, and one button for it. */
export function InDoubt({ number, canSendAgain, isBusy, onAct }: Props) {
  const { t } = useTranslation();
  return (
    <Notice tone="warn" title={t('bulk.doubt.title', { count: number, shown: count(number) })}>
      {t('bulk.doubt.text')}
      <ul className={classes.ways}>
        {canSendAgain && (
          <li>
            <Button size="xs" variant="default" disabled={isBusy} onClick={() => onAct(sendBulkAgain)}>{t('bulk.doubt.again')}</Button>
            <span>{t('bulk.doubt.againMeans')}</span>
          </li>
        )}
        <li>
          <Button size="xs" variant="default" disabled={isBusy} onClick={() => onAct(countBulkAsSent)}>{t('bulk.doubt.sent')}</Button>
          <span>{t('bulk.doubt.sentMeans')}</span>
        </li>
      </ul>
    </Notice>
  );
}
