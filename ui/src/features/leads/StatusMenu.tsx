import { Menu, UnstyledButton } from '@mantine/core';
import { IconCheck, IconChevronDown } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Lead } from '#/shared/api/types';
import { notifyError } from '#/shared/parts/notify';
import { leadStatusesQuery } from '#/shared/requests/setup';
import { changeLead } from './changeLead';
import classes from './leads.module.css';

/** The status of a lead, changed where it stands. */
export function StatusMenu({ lead }: { lead: Lead }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { data: statuses = [] } = useQuery(leadStatusesQuery);
  const change = useMutation({
    mutationFn: (statusId: string) => changeLead(lead.id, { status_id: statusId }),
    onSuccess: (changed) => {
      queries.setQueryData(['lead', lead.id], changed);
      void queries.invalidateQueries({ queryKey: ['timeline', lead.id] });
      void queries.invalidateQueries({ queryKey: ['leads'] });
    },
    onError: (error) => notifyError(error),
  });
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <UnstyledButton className={classes.status} aria-label={t('records.status', { status: lead.status_label })} data-busy={change.isPending || undefined}>
          <span>{lead.status_label}</span><IconChevronDown size={13} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {statuses.map((status) => (
          <Menu.Item key={status.id} rightSection={status.id === lead.status_id ? <IconCheck size={14} /> : null} onClick={() => { if (status.id !== lead.status_id) change.mutate(status.id); }}>{status.label}</Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
