import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Panel } from '#/shared/parts/Page';
import { leadStatusesQuery } from '#/shared/requests/setup';
import { AddRow } from './AddRow';
import classes from './fields.module.css';
import { LabelRow } from './LabelRow';
import { addStatus, deleteStatus, movedUp, orderStatuses, renameStatus } from './setup';
import { useSetup } from './useSetup';

/** What leads pass through, in order. */
export function StatusPanel({ canChange }: { canChange: boolean }) {
  const { t } = useTranslation();
  const { data: statuses = [] } = useQuery(leadStatusesQuery);
  const { run, isBusy } = useSetup();
  return (
    <Panel title={t('records.setup.leadStatuses')} hint={t('records.setup.leadStatusesHint')}>
      <ul className={classes.list}>
        {statuses.map((status, index) => (
          <LabelRow key={status.id} label={status.label} isFirst={index === 0} canChange={canChange} onRename={(label) => run(() => renameStatus(status.id, label))}
            onUp={() => run(() => orderStatuses(movedUp(statuses, index).map((each) => each.id)))} onRemove={() => run(() => deleteStatus(status.id))} />
        ))}
      </ul>
      {canChange && <AddRow label={t('records.setup.newStatus')} action={t('records.setup.add')} isBusy={isBusy} onAdd={(label) => run(() => addStatus(label))} />}
    </Panel>
  );
}
