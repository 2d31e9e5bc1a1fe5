import { ActionIcon, Text, Tooltip } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Lead } from '#/shared/api/types';
import { FieldValues } from '#/shared/fields/FieldValues';
import { shownFieldsQuery } from '#/shared/requests/setup';
import { FieldForm } from './FieldForm';
import { LinkRow } from './LinkRow';
import classes from './leads.module.css';

/** The lead's custom fields with their values; all open for editing at once. */
export function FieldPanel({ lead }: { lead: Lead }) {
  const { t } = useTranslation();
  const { data: fields = [] } = useQuery(shownFieldsQuery('lead'));
  const [isEditing, setEditing] = useState(false);
  return (
    <div className={classes.panel}>
      <div className={classes.contactsHead}>
        <Text component="h2" fw={600} size="sm">{t('records.values.title')}</Text>
        {fields.length > 0 && !isEditing && <Tooltip label={t('general.edit')}><ActionIcon size={28} aria-label={t('records.values.edit')} onClick={() => setEditing(true)}><IconPencil size={15} /></ActionIcon></Tooltip>}
      </div>
      {!fields.length && <Text size="sm" c="var(--text-3)" py={4}>{t('records.values.none')} <Link to="/settings/fields" className={classes.setUp}>{t('records.values.setUp')}</Link></Text>}
      {isEditing ? <FieldForm lead={lead} fields={fields} onClose={() => setEditing(false)} /> : <FieldValues holder={lead} fields={fields} contacts={lead.contacts} />}
      <LinkRow on="lead" lead={lead} />
    </div>
  );
}
