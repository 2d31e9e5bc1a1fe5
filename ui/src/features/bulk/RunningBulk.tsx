import { Button, Progress, Text } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconX } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BulkEmail } from '#/shared/api/types';
import { ConfirmDialog } from '#/shared/parts/ConfirmDialog';
import { Notice } from '#/shared/parts/Notice';
import { notifyError } from '#/shared/parts/notify';
import { Panel, ScrollPage } from '#/shared/parts/Page';
import { count, fullDate } from '#/shared/time/format';
import { cancelBulk, outlookQuery, pauseBulk, resumeBulk } from './bulkRequests';
import { InDoubt } from './InDoubt';
import { People } from './People';
import { dayOf, isMoving, isOver, isUnderWay, progress, timeLeft, toneOf } from './standing';
import { StandingMark } from './StandingMark';
import classes from './bulk.module.css';

/** How it goes: numbers as they change, speed and time left, and the ways to stop it. */
export function RunningBulk({ batch }: { batch: BulkEmail }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { data: outlook, dataUpdatedAt } = useQuery(outlookQuery(batch.id, isMoving(batch.status)));
  const [isAsking, setIsAsking] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const act = async (run: (bulkId: string) => Promise<unknown>) => {
    setIsBusy(true);
    try { queries.setQueryData(['bulk', batch.id], await run(batch.id)); } catch (error) { notifyError(error); } finally { setIsBusy(false); setIsAsking(false); }
    void queries.invalidateQueries({ queryKey: ['bulk', batch.id] });
  };
  const done = progress(batch);
  const isGoing = outlook && isUnderWay(batch) && batch.n_queued > 0;
  const left = isGoing ? timeLeft(outlook.seconds_left, outlook.days, t) : '';
  const day = isGoing ? dayOf(batch.date_started, outlook.days, new Date(dataUpdatedAt)) : null;
  const doubtful = outlook?.skipped.in_doubt ?? 0;
  const speed = outlook && outlook.per_minute > 0 && isMoving(batch.status) ? t('bulk.speed', { shown: count(Math.round(outlook.per_minute)) }) : '';
  return (
    <ScrollPage title={batch.template_name ?? batch.subject} after={<StandingMark batch={batch} />} hint={t('bulk.confirmHint', { subject: batch.subject, sender: batch.sender })}
      actions={!isOver(batch.status) && (
        <>
          {batch.status === 'paused'
            ? <Button size="sm" leftSection={<IconPlayerPlay size={15} />} loading={isBusy} onClick={() => void act(resumeBulk)}>{t('bulk.resume')}</Button>
            : <Button size="sm" variant="default" leftSection={<IconPlayerPause size={15} />} loading={isBusy} onClick={() => void act(pauseBulk)}>{t('bulk.pause')}</Button>}
          <Button size="sm" variant="default" leftSection={<IconX size={15} />} onClick={() => setIsAsking(true)}>{t('bulk.cancel')}</Button>
        </>
      )}>
      {(batch.status === 'paused' || batch.error) && <Why batch={batch} />}
      {doubtful > 0 && <InDoubt number={doubtful} canSendAgain={batch.status !== 'cancelled' && batch.status !== 'error'} isBusy={isBusy} onAct={(run) => void act(run)} />}
      <Panel>
        {done === null ? !isOver(batch.status) && <Text size="sm">{t('bulk.counting', { shown: count(batch.n_queued + batch.n_skipped) })}</Text> : (
          <>
            <Progress value={done} size="lg" aria-label={t('bulk.progress')} />
            <Text size="sm" mt={8} aria-live="polite">{[t('bulk.sentOf', { sent: count(batch.n_sent), total: count(batch.n_objects ?? 0) }), speed, day ? t('bulk.dayOf', { day: count(day.day), days: count(day.days) }) : left].filter(Boolean).join(' · ')}</Text>
          </>
        )}
        <dl className={classes.numbers}>
          <div><dt>{t('bulk.state.sent')}</dt><dd>{count(batch.n_sent)}</dd></div>
          <div><dt>{t('bulk.state.queued')}</dt><dd>{count(batch.n_queued)}</dd></div>
          <div><dt>{t('bulk.state.sending')}</dt><dd>{count(batch.n_sending)}</dd></div>
          <div><dt>{t('bulk.state.failed')}</dt><dd>{count(batch.n_failed)}</dd></div>
          <div><dt>{t('bulk.passedOver')}</dt><dd>{count(batch.n_skipped)}</dd></div>
          {batch.n_cancelled > 0 && <div><dt>{t('bulk.state.cancelled')}</dt><dd>{count(batch.n_cancelled)}</dd></div>}
        </dl>
      </Panel>
      <People batch={batch} reasons={outlook?.skipped ?? {}} />
      <ConfirmDialog isOpen={isAsking} title={t('bulk.cancelTitle')} confirmLabel={t('bulk.cancel')} isBusy={isBusy} onConfirm={() => void act(cancelBulk)} onClose={() => setIsAsking(false)}>
        <Text size="sm">{t('bulk.cancelText', { shown: count(batch.n_queued) })}</Text>
      </ConfirmDialog>
    </ScrollPage>
  );
}

function Why({ batch }: { batch: BulkEmail }) {
  const { t } = useTranslation();
  const until = batch.resumes_at ? t('bulk.resumesAt', { date: fullDate(batch.resumes_at) }) : '';
  return (
    <Notice tone={toneOf(batch) === 'bad' ? 'bad' : 'warn'} title={batch.cause ? t(`bulk.cause.${batch.cause}`) : t(`bulk.status.${batch.status}`)}>
      {[batch.error, until].filter(Boolean).join(' ')}
    </Notice>
  );
}
