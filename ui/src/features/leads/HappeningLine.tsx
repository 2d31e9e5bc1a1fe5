import { Text } from '@mantine/core';
import { IconArrowRight, IconCheckbox, IconCoin, IconGitMerge, IconPlus, IconStar, type Icon } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Happening } from '#/shared/api/types';
import { EntryTime } from './EntryTime';
import { useLinked } from './useLinked';
import classes from './leads.module.css';

const SIGNS: Record<Happening['_type'], Icon> = {
  LeadStatusChange: IconArrowRight, OpportunityStatusChange: IconCoin, TaskCompleted: IconCheckbox, LeadMerge: IconGitMerge, Created: IconPlus,
};

/** Something that Postroom noted down by itself: one quiet line. */
export function HappeningLine({ entry, isWanted }: { entry: Happening; isWanted: boolean }) {
  const { t } = useTranslation();
  const place = useLinked<HTMLDivElement>(isWanted);
  const Sign = SIGNS[entry._type] ?? IconStar;
  return (
    <div ref={place} className={classes.happening} data-linked={isWanted || undefined}>
      <Sign size={14} aria-hidden />
      <Text size="xs" c="var(--text-2)" flex={1}>{told(entry, t)}</Text>
      <EntryTime leadId={entry.lead_id} entryId={entry.id} at={entry.activity_at} />
    </div>
  );
}

function told(entry: Happening, t: TFunction): string {
  const name = entry.user_name ?? t('records.happened.postroom');
  switch (entry._type) {
    case 'LeadStatusChange': return t('records.happened.leadStatus', { name, old: entry.old_status_label, new: entry.new_status_label });
    case 'OpportunityStatusChange': return t('records.happened.dealStatus', { name, value: entry.opportunity_value_formatted ?? t('records.happened.noValue'), old: entry.old_status_label, new: entry.new_status_label });
    case 'TaskCompleted': return t('records.happened.task', { name, text: entry.task_text });
    case 'LeadMerge': return t('records.happened.merge', { name, lead: entry.source_lead_name });
    case 'Created': return t('records.happened.created', { name });
    default: return t('records.happened.custom', { name });
  }
}
