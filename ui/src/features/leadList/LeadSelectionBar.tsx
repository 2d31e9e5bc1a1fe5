import { Button, CloseButton, Menu, Text } from '@mantine/core';
import { IconChevronDown, IconDownload, IconMailForward, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '#/shared/api/client';
import type { Lead } from '#/shared/api/types';
import { ConfirmDialog } from '#/shared/parts/ConfirmDialog';
import { count } from '#/shared/time/format';
import { useSelectedLeads } from './useSelectedLeads';
import { askedFor } from './wholeList';
import classes from './leadList.module.css';

/** `words`: all that this query finds are selected, `total` of them; null: the ticked ones. */
type Props = { leads: Lead[]; words: string | null; total: { shown: string; count: number }; onClear: () => void; /** Has all that the query finds made into a file; null: this user may not. */ onExport: (() => void) | null; /** Offers all that the query finds, once all that is loaded is ticked. */ onWhole: (() => void) | null };

/** What can be done with the ticked leads, or, asked for as a second step, with all that the query finds. */
export function LeadSelectionBar({ leads, words, total, onClear, onExport, onWhole }: Props) {
  const { t } = useTranslation();
  const [isAsking, setIsAsking] = useState(false);
  const { isBusy, progress, setStatus, save, remove } = useSelectedLeads({ leads, words, onClear });
  const { data: statuses = [] } = useQuery({ queryKey: ['leadStatuses'], queryFn: async ({ signal }) => (await get('/status/lead/', { signal })).data, staleTime: 10 * 60_000 });
  const isWhole = words !== null;
  const label = isWhole ? t('leadList.wholeSelected', total) : t('inbox.selected', { count: leads.length });
  return (
    <>
      <div className={classes.bulk} role="toolbar" aria-label={label}>
        <CloseButton size="sm" aria-label={t('shell.command.listSelectNone')} onClick={onClear} />
        <Text size="sm" fw={600} mr="auto" role="status">{progress ? t('leadList.wholeProgress', { done: count(progress.done), total: count(progress.total) }) : label}</Text>
        <Menu position="bottom-end">
          <Menu.Target><Button size="compact-sm" variant="default" loading={isBusy} rightSection={<IconChevronDown size={14} />}>{t('leadList.setStatus')}</Button></Menu.Target>
          <Menu.Dropdown>{statuses.map((status) => <Menu.Item key={status.id} onClick={() => void setStatus(status)}>{status.label}</Menu.Item>)}</Menu.Dropdown>
        </Menu>
        {isWhole && <Button size="compact-sm" variant="default" leftSection={<IconMailForward size={14} />} renderRoot={(props) => <Link {...props} to="/bulk/new" search={{ query: askedFor(words) }} />}>{t('leadList.email')}</Button>}
        {(!isWhole || onExport) && <Button size="compact-sm" variant="default" leftSection={<IconDownload size={14} />} disabled={isBusy} onClick={() => (isWhole ? onExport?.() : void save())}>{t('leadList.export')}</Button>}
        <Button size="compact-sm" variant="default" leftSection={<IconTrash size={14} />} disabled={isBusy} onClick={() => setIsAsking(true)}>{t('leadList.deleteLeads')}</Button>
        <ConfirmDialog isOpen={isAsking} onClose={() => setIsAsking(false)} title={t('leadList.deleteTitle', { count: isWhole ? total.count : leads.length })} confirmLabel={t('leadList.deleteLeads')} isBusy={isBusy} onConfirm={() => void remove().then(() => setIsAsking(false))}>
          <Text size="sm">{t('leads.deleteText')}</Text>
          {isWhole && <Text size="sm" mt="xs">{t('leadList.deleteWhole')}</Text>}
        </ConfirmDialog>
      </div>
      {onWhole && !isWhole && <div className={classes.whole}><Button size="compact-xs" variant="transparent" onClick={onWhole}>{t('leadList.selectWhole', total)}</Button></div>}
    </>
  );
}
