/** What is done with the ticked leads, or with all that the query finds. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { del } from '#/shared/api/client';
import type { Lead } from '#/shared/api/types';
import { notifyDone, notifyError } from '#/shared/parts/notify';
import { offerUndo } from '#/shared/parts/undo';
import { saveCsv } from './saveCsv';
import { changeWhole, setStatuses, statusesOf } from './wholeList';

type Status = { id: string; label: string };
/** `words`: the query whose leads are all meant; null: the ticked ones. */
type Chosen = { leads: Lead[]; words: string | null; onClear: () => void };

export function useSelectedLeads({ leads, words, onClear }: Chosen) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const through = async (run: () => Promise<void>) => {
    setIsBusy(true);
    try { await run(); } catch (error) { notifyError(error); } finally { setIsBusy(false); setProgress(null); void queries.invalidateQueries({ queryKey: ['leads'] }); }
  };
  const tell = (done: number, total: number) => setProgress({ done, total });
  return {
    isBusy, progress,
    setStatus: (status: Status) => through(async () => {
      const had = words === null ? leads : await statusesOf(words);
      if (words === null) await setStatuses(leads.map(({ id }) => ({ id, status_id: status.id })), tell);
      else await changeWhole(words, { kind: 'edit', statusId: status.id }, tell);
      const changed = had.filter((lead) => lead.status_id !== status.id);
      offerUndo(t('leadList.statusSet', { count: had.length, status: status.label }), () => void through(() => setStatuses(changed, tell)), words === null ? undefined : 12_000);
      onClear();
    }),
    save: () => through(() => Promise.resolve(saveCsv(leads))),
    remove: () => through(async () => {
      if (words === null) for (const lead of leads) await del('/lead/{lead_id}/', { at: { lead_id: lead.id } });
      else notifyDone(t('leadList.leadsDeleted', { count: await changeWhole(words, { kind: 'delete' }, tell) }));
      onClear();
    }),
  };
}
