import { ActionIcon, Button, Group, Menu, Modal, Text, TextInput } from '@mantine/core';
import { IconDots, IconGitMerge, IconPencil, IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Lead } from '#/shared/api/types';
import { ConfirmDialog } from '#/shared/parts/ConfirmDialog';
import { notifyError } from '#/shared/parts/notify';
import { changeLead, deleteLead } from './changeLead';
import { MergeDialog } from './MergeDialog';

export function LeadMenu({ lead, onGone }: { lead: Lead; onGone: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [layer, setLayer] = useState<'rename' | 'merge' | 'delete' | null>(null);
  const [name, setName] = useState(lead.name ?? '');
  const rename = useMutation({
    mutationFn: () => changeLead(lead.id, { name: name.trim() }),
    onSuccess: (changed) => { queries.setQueryData(['lead', lead.id], changed); void queries.invalidateQueries({ queryKey: ['leads'] }); setLayer(null); },
    onError: (error) => notifyError(error),
  });
  const remove = useMutation({
    mutationFn: () => deleteLead(lead.id),
    onSuccess: () => { void queries.invalidateQueries({ queryKey: ['leads'] }); onGone(); },
    onError: (error) => notifyError(error),
  });
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target><ActionIcon size={34} aria-label={t('mail.moreActions')}><IconDots size={18} /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => setLayer('rename')}>{t('leads.rename')}</Menu.Item>
          <Menu.Item leftSection={<IconGitMerge size={16} />} onClick={() => setLayer('merge')}>{t('records.merge.menu')}</Menu.Item>
          <Menu.Item leftSection={<IconTrash size={16} />} color="red" onClick={() => setLayer('delete')}>{t('leads.delete')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={layer === 'rename'} onClose={() => setLayer(null)} title={t('leads.rename')} centered closeButtonProps={{ 'aria-label': t('general.close') }}>
        <form onSubmit={(event) => { event.preventDefault(); rename.mutate(); }}>
          <TextInput label={t('leads.company')} data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} />
          <Group justify="flex-end" mt="md"><Button type="submit" loading={rename.isPending}>{t('general.save')}</Button></Group>
        </form>
      </Modal>
      {layer === 'merge' && <MergeDialog lead={lead} onClose={() => setLayer(null)} />}
      <ConfirmDialog isOpen={layer === 'delete'} onClose={() => setLayer(null)} title={t('leads.deleteTitle', { name: lead.display_name })} confirmLabel={t('leads.delete')} isBusy={remove.isPending} onConfirm={() => remove.mutate()}>
        <Text size="sm">{t('leads.deleteText')}</Text>
      </ConfirmDialog>
    </>
  );
}
