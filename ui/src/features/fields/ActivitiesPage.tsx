import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ActivityType } from '#/shared/api/types';
import { ConfirmDialog } from '#/shared/parts/ConfirmDialog';
import { Panel, ScrollPage } from '#/shared/parts/Page';
import { useUser } from '#/shared/requests/authState';
import { activityTypesQuery } from '#/shared/requests/setup';
import { ActivityTypePanel } from './ActivityTypePanel';
import { AddRow } from './AddRow';
import { addType, deleteType } from './setup';
import { useSetup } from './useSetup';

/** The kinds of activities that a company has beside emails, notes and calls, each with its own form. */
export function ActivitiesPage() {
  const { t } = useTranslation();
  const canChange = useUser().permissions.includes('manage_customizations');
  const { data: types } = useQuery(activityTypesQuery);
  const [goes, setGoes] = useState<ActivityType | null>(null);
  const { run, isBusy } = useSetup();
  return (
    <ScrollPage title={t('company.types.title')} hint={t(canChange ? 'company.types.hint' : 'records.setup.onlyAdmins')} width="narrow">
      {types?.map((type) => <ActivityTypePanel key={type.id} type={type} canChange={canChange} run={run} onRemove={() => setGoes(type)} />)}
      {(canChange || types?.length === 0) && (
        <Panel title={types?.length ? undefined : t('company.types.none')} hint={t('company.types.noneHint')}>
          {canChange && <AddRow label={t('company.types.new')} action={t('company.types.add')} isBusy={isBusy} onAdd={(name) => run(() => addType(name))} />}
        </Panel>
      )}
      <ConfirmDialog isOpen={goes !== null} title={t('records.setup.remove', { name: goes?.name ?? '' })} confirmLabel={t('general.remove')} onClose={() => setGoes(null)} onConfirm={() => { const gone = goes!; setGoes(null); run(() => deleteType(gone.id)); }}>
        <Text size="sm">{t('company.types.removeText')}</Text>
      </ConfirmDialog>
    </ScrollPage>
  );
}
