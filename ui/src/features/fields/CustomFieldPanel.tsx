import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '#/shared/parts/Page';
import { activityTypesQuery, type FieldPlace } from '#/shared/requests/setup';
import { FieldList } from './FieldList';

const THINGS = ['lead', 'contact', 'opportunity'] as const;

/** The fields of one's own, of leads, contacts, opportunities and each type of activities. */
export function CustomFieldPanel({ canChange }: { canChange: boolean }) {
  const { t } = useTranslation();
  const [place, setPlace] = useState<FieldPlace>('lead');
  const { data: types = [] } = useQuery(activityTypesQuery);
  const places = [...THINGS.map((value) => ({ value: value as string, label: t(`records.setup.${value}`) })), ...types.map((type) => ({ value: type.id, label: type.name }))];
  const which = <NativeSelect size="xs" maw={200} aria-label={t('records.setup.fieldsOf')} value={place} onChange={(event) => setPlace(event.currentTarget.value)} data={places} />;
  return (
    <Panel title={t('records.setup.fields')} hint={t('records.setup.fieldsHint')} actions={which}>
      <FieldList key={place} place={place} canChange={canChange} />
    </Panel>
  );
}
