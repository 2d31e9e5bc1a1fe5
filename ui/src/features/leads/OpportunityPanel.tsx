import { ActionIcon, Button, Text, Tooltip } from '@mantine/core';
import { IconPencil, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Lead, Opportunity } from '#/shared/api/types';
import { FieldValues } from '#/shared/fields/FieldValues';
import { shownFieldsQuery } from '#/shared/requests/setup';
import { shortDay } from '#/shared/time/format';
import { LinkRow } from './LinkRow';
import { OpportunityForm } from './OpportunityForm';
import classes from './leads.module.css';

/** The deals with a lead; each opens for editing in place. */
export function OpportunityPanel({ lead }: { lead: Lead }) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState<string | null>(null);
  const close = () => setEditing(null);
  return (
    <div className={classes.panel}>
      <div className={classes.contactsHead}>
        <Text component="h2" fw={600} size="sm">{t('records.deals.title')}</Text>
        <Button size="compact-xs" variant="subtle" leftSection={<IconPlus size={14} />} onClick={() => setEditing('new')}>{t('records.deals.add')}</Button>
      </div>
      {lead.opportunities.map((deal) => (editing === deal.id
        ? <OpportunityForm key={deal.id} leadId={lead.id} deal={deal} contacts={lead.contacts} onClose={close} />
        : <Deal key={deal.id} deal={deal} lead={lead} onEdit={() => setEditing(deal.id)} />))}
      {editing === 'new' && <OpportunityForm leadId={lead.id} contacts={lead.contacts} onClose={close} />}
      {!lead.opportunities.length && editing !== 'new' && <Text size="sm" c="var(--text-3)" py={4}>{t('records.deals.none')}</Text>}
    </div>
  );
}

function Deal({ deal, lead, onEdit }: { deal: Opportunity; lead: Lead; onEdit: () => void }) {
  const { t } = useTranslation();
  const { data: fields = [] } = useQuery(shownFieldsQuery('opportunity'));
  const value = deal.value_formatted ?? t('records.deals.noValue');
  const day = deal.status_type === 'lost' ? deal.date_lost : deal.date_won;
  const dated = day && t(`records.deals.${deal.status_type === 'active' ? 'closes' : deal.status_type === 'won' ? 'won' : 'lost'}`, { date: shortDay(day) });
  return (
    <div className={classes.contact}>
      <div className={classes.contactText}>
        <Text size="sm" fw={600} truncate>{value}</Text>
        <Text size="xs" c="var(--text-2)"><span className={classes.dot} data-kind={deal.status_type} aria-hidden />{deal.status_label}{deal.status_type === 'active' && ` · ${t('records.deals.sure', { percent: deal.confidence })}`}{dated && ` · ${dated}`}</Text>
        {deal.note && <Text size="xs" c="var(--text-3)" lineClamp={2}>{deal.note}</Text>}
        <FieldValues holder={deal} fields={fields} contacts={lead.contacts} only="filled" />
        <LinkRow on="opportunity" lead={lead} opportunity={deal} />
      </div>
      <Tooltip label={t('general.edit')}><ActionIcon size={28} aria-label={t('records.deals.edit', { value })} onClick={onEdit}><IconPencil size={15} /></ActionIcon></Tooltip>
    </div>
  );
}
