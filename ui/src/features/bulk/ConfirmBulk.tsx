import { Button } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BulkEmail } from '#/shared/api/types';
import { notifyError } from '#/shared/parts/notify';
import { Panel, ScrollPage } from '#/shared/parts/Page';
import { count } from '#/shared/time/format';
import { outlookQuery, startBulk } from './bulkRequests';
import { Leaf } from './Leaf';
import type { Start } from './NewBulkPage';
import { People } from './People';
import { narrowed, timeLeft } from './standing';
import { Warnings } from './Warnings';
import classes from './bulk.module.css';

/** Before the button: how many, who not and why, what to mind, and everybody's email as it will be. */
export function ConfirmBulk({ batch, onAgain }: { batch: BulkEmail; onAgain: (start: Start) => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { data: outlook } = useQuery(outlookQuery(batch.id, false));
  const [isBusy, setIsBusy] = useState(false);
  const send = async () => {
    setIsBusy(true);
    try { queries.setQueryData(['bulk', batch.id], await startBulk(batch.id)); } catch (error) { notifyError(error); } finally { setIsBusy(false); }
    void queries.invalidateQueries({ queryKey: ['bulkList'] });
  };
  const left = outlook ? timeLeft(outlook.seconds_left, outlook.days, t) : '';
  return (
    <ScrollPage title={batch.template_name ?? batch.subject} hint={t('bulk.confirmHint', { subject: batch.subject, sender: batch.sender })}
      actions={<Button leftSection={<IconSend size={16} />} disabled={!batch.n_queued} loading={isBusy} onClick={() => void send()}>{t('bulk.send', { count: batch.n_queued, shown: count(batch.n_queued) })}</Button>}>
      {outlook && <Warnings batch={batch} outlook={outlook} onLeaveOut={() => onAgain({ query: narrowed(batch.query ?? '', outlook.not_had_template_query), template: batch.template_id })} />}
      <Panel title={t('bulk.who')} hint={t('bulk.whoHint')}>
        <dl className={classes.numbers}>
          <div><dt>{t('bulk.matched')}</dt><dd>~{count(batch.n_leads ?? 0)}</dd></div>
          <div><dt>{t('bulk.willGet')}</dt><dd>~{count(batch.n_queued)}</dd></div>
          <div><dt>{t('bulk.passedOver')}</dt><dd>~{count(batch.n_skipped)}</dd></div>
          {left && <div><dt>{t('bulk.takes')}</dt><dd className={classes.words}>{left}</dd></div>}
        </dl>
      </Panel>
      {batch.n_queued > 0 && <Leaf batch={batch} />}
      <People batch={batch} reasons={outlook?.skipped ?? {}} />
    </ScrollPage>
  );
}
