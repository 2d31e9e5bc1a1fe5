import { ActionIcon, Text, Tooltip } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Lead } from '#/shared/api/types';
import { fieldsQuery } from '#/shared/requests/setup';
import { userName, usersQuery } from '#/shared/requests/users';
import { fullDate, shortDate } from '#/shared/time/format';
import { FieldForm } from './FieldForm';
import { shownValue } from './fieldValues';
import classes from './leads.module.css';

/** The lead's custom fields with their values; all open for editing at once. */
export function FieldPanel({ lead }: { lead: Lead }) {
  const { t } = useTranslation();
  const { data: known = [] } = useQuery(fieldsQuery('lead'));
  const { data: users = [] } = useQuery(usersQuery);
  const [isEditing, setEditing] = useState(false);
  const fields = known.filter((field) => field.type !== 'hidden');
  const names = {
    user: (id: string) => { const user = users.find((each) => each.id === id); return user ? userName(user) : id; },
    contact: (id: string) => lead.contacts.find((each) => each.id === id)?.display_name ?? id,
    date: (iso: string) => (iso.length > 10 ? fullDate(iso) : shortDate(`${iso}T12:00:00`)),
  };
  return (
    <div className={classes.panel}>
      <div className={classes.contactsHead}>
        <Text component="h2" fw={600} size="sm">{t('records.values.title')}</Text>
        {fields.length > 0 && !isEditing && <Tooltip label={t('general.edit')}><ActionIcon size={28} aria-label={t('records.values.edit')} onClick={() => setEditing(true)}><IconPencil size={15} /></ActionIcon></Tooltip>}
      </div>
      {!fields.length && <Text size="sm" c="var(--text-3)" py={4}>{t('records.values.none')} <Link to="/settings/fields" className={classes.setUp}>{t('records.values.setUp')}</Link></Text>}
      {isEditing
        ? <FieldForm lead={lead} fields={fields} users={users} onClose={() => setEditing(false)} />
        : fields.length > 0 && <dl className={classes.values}>{fields.map((field) => <div key={field.id}><dt>{field.name}</dt><dd>{shownValue(lead, field, names) || t('records.values.empty')}</dd></div>)}</dl>}
    </div>
  );
}
