import { Button, Text } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LeadImport } from '#/shared/api/types';
import { ConfirmDialog } from '#/shared/parts/ConfirmDialog';
import { Notice } from '#/shared/parts/Notice';
import { ScrollPage } from '#/shared/parts/Page';
import { count } from '#/shared/time/format';
import { FailedRows } from './FailedRows';
import type { Act } from './ImportPage';
import { undoImport } from './importRequests';
import { Tally } from './Tally';

type Props = { one: LeadImport; isBusy: boolean; act: Act; onLeave: () => void };

/** What has become of it, and the way back. */
export function Ended({ one, isBusy, act, onLeave }: Props) {
  const { t } = useTranslation();
  const [isAsking, setIsAsking] = useState(false);
  const undo = async () => { await act(() => undoImport(one.id)); setIsAsking(false); };
  return (
    <ScrollPage title={t(`imports.status.${one.status}`)} hint={t('imports.file', { name: one.filename, count: one.n_rows, shown: count(one.n_rows) })} width="narrow"
      actions={(
        <>
          {one.status !== 'undone' && <Button size="sm" variant="default" leftSection={<IconArrowBackUp size={15} />} onClick={() => setIsAsking(true)}>{t('imports.undo')}</Button>}
          <Button size="sm" onClick={onLeave}>{t('imports.another')}</Button>
        </>
      )}>
      {one.error && <Notice tone="bad">{one.error}</Notice>}
      <Tally title={t('imports.happened')} one={one} />
      {one.counts.failed > 0 && <FailedRows importId={one.id} />}
      <ConfirmDialog isOpen={isAsking} title={t('imports.undoTitle')} confirmLabel={t('imports.undo')} isBusy={isBusy} onConfirm={() => void undo()} onClose={() => setIsAsking(false)}>
        <Text size="sm">{t('imports.undoBody')}</Text>
      </ConfirmDialog>
    </ScrollPage>
  );
}
