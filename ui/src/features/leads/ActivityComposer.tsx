import { Button, Menu, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ActivityType } from '#/shared/api/types';
import type { Named } from '#/shared/fields/FieldInputs';
import { useUser } from '#/shared/requests/authState';
import { activityTypesQuery } from '#/shared/requests/setup';
import { ActivityForm } from './ActivityForm';
import classes from './leads.module.css';

/** Where the company's own kinds of activities are written; nothing where it has none, or none for this person. */
export function ActivityComposer({ leadId, contacts }: { leadId: string; contacts: Named[] }) {
  const { t } = useTranslation();
  const me = useUser();
  const { data: types = [] } = useQuery(activityTypesQuery);
  const [chosen, setChosen] = useState<ActivityType | null>(null);
  const open = types.filter((type) => !type.is_archived && !type.api_create_only && mayWriteType(type, me));
  if (!open.length) return null;
  if (chosen) {
    return (
      <div className={classes.activityForm}>
        <Text component="h2" size="sm" fw={600} mb={8}>{chosen.name}</Text>
        <ActivityForm leadId={leadId} type={chosen} contacts={contacts} onClose={() => setChosen(null)} />
      </div>
    );
  }
  return (
    <Menu position="bottom-start">
      <Menu.Target><Button className={classes.activityAdd} size="compact-sm" variant="subtle" leftSection={<IconPlus size={14} />}>{t('company.activity.add')}</Button></Menu.Target>
      <Menu.Dropdown>
        {open.map((type) => <Menu.Item key={type.id} onClick={() => setChosen(type)}>{type.name}</Menu.Item>)}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Who may write activities of this kind: everybody where no roles are named, admins always. */
export const mayWriteType = (type: ActivityType, who: { role_id: string; permissions: string[] }) =>
  !type.editable_with_roles.length || type.editable_with_roles.includes(who.role_id) || who.permissions.includes('manage_organization');
