import { Button, CloseButton, Menu, Text } from '@mantine/core';
import { IconChevronDown, IconDownload, IconTrash } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { del, get, put } from '#/shared/api/client';
import type { Lead } from '#/shared/api/types';
import { ConfirmDialog } from '#/shared/parts/ConfirmDialog';
import { notifyError } from '#/shared/parts/notify';
import { offerUndo } from '#/shared/parts/undo';
import { saveCsv } from './saveCsv';
import classes from './leadList.module.css';

/** What can be done with the ticked leads. */
export function LeadSelectionBar({ leads, onClear }: { leads: Lead[]; onClear: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [isBusy, setIsBusy] = useState(false);
  const [isAsking, setIsAsking] = useState(false);
  const { data: statuses = [] } = useQuery({ queryKey: ['leadStatuses'], queryFn: async ({ signal }) => (await get('/status/lead/', { signal })).data, staleTime: 10 * 60_000 });
  const each = async (run: (lead: Lead) => Promise<unknown>) => {
    setIsBusy(true);
    try { for (const lead of leads) await run(lead); } catch (error) { notifyError(error); } finally { setIsBusy(false); void queries.invalidateQueries({ queryKey: ['leads'] }); }
  };
  const setStatus = (statusOf: (lead: Lead) => string) => each((lead) => put('/lead/{lead_id}/', { at: { lead_id: lead.id }, body: { status_id: statusOf(lead) } }));
  const choose = async (status: { id: string; label: string }) => {
    await setStatus(() => status.id);
    offerUndo(t('leadList.statusSet', { count: leads.length, status: status.label }), () => void setStatus((lead) => lead.status_id));
    onClear();
  };
  return (
    <div className={classes.bulk} role="toolbar" aria-label={t('inbox.selected', { count: leads.length })}>
      <CloseButton size="sm" aria-label={t('shell.command.listSelectNone')} onClick={onClear} />
      <Text size="sm" fw={600} mr="auto">{t('inbox.selected', { count: leads.length })}</Text>
      <Menu position="bottom-end">
        <Menu.Target><Button size="compact-sm" variant="default" loading={isBusy} rightSection={<IconChevronDown size={14} />}>{t('leadList.setStatus')}</Button></Menu.Target>
        <Menu.Dropdown>{statuses.map((status) => <Menu.Item key={status.id} onClick={() => void choose(status)}>{status.label}</Menu.Item>)}</Menu.Dropdown>
      </Menu>
      <Button size="compact-sm" variant="default" leftSection={<IconDownload size={14} />} onClick={() => saveCsv(leads)}>{t('leadList.export')}</Button>
      <Button size="compact-sm" variant="default" leftSection={<IconTrash size={14} />} disabled={isBusy} onClick={() => setIsAsking(true)}>{t('leadList.deleteLeads')}</Button>
      <ConfirmDialog isOpen={isAsking} onClose={() => setIsAsking(false)} title={t('leadList.deleteTitle', { count: leads.length })} confirmLabel={t('leadList.deleteLeads')} isBusy={isBusy}
        onConfirm={() => void each((lead) => del('/lead/{lead_id}/', { at: { lead_id: lead.id } })).then(() => { setIsAsking(false); onClear(); })}>
        <Text size="sm">{t('leads.deleteText')}</Text>
      </ConfirmDialog>
    </div>
  );
}
