import { ActionIcon, Button, Group, NativeSelect, Stack, Text, TextInput, Tooltip } from '@mantine/core';
import { IconExternalLink, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IntegrationLink } from '#/shared/api/types';
import { ConfirmDialog } from '#/shared/parts/ConfirmDialog';
import { EmptyState } from '#/shared/parts/EmptyState';
import { explainError } from '#/shared/parts/explainError';
import { Notice } from '#/shared/parts/Notice';
import { Panel, ScrollPage } from '#/shared/parts/Page';
import { useUser } from '#/shared/requests/authState';
import { linksQuery } from '#/shared/requests/setup';
import classes from './fields.module.css';
import { deleteLink, saveLink } from './setup';
import { useSetup } from './useSetup';

const PLACES = ['lead', 'contact', 'opportunity'] as const;

/** Links to other programs, defined once and standing on every lead, contact or opportunity. */
export function LinksPage() {
  const { t } = useTranslation();
  const canChange = useUser().permissions.includes('manage_customizations');
  const { data: links } = useQuery(linksQuery);
  const [editing, setEditing] = useState<string | null>(null);
  const [goes, setGoes] = useState<IntegrationLink | null>(null);
  const { run } = useSetup();
  const add = { label: t('company.links.new'), run: () => setEditing('new') };
  return (
    <ScrollPage title={t('company.links.title')} hint={t(canChange ? 'company.links.hint' : 'records.setup.onlyAdmins')} width="narrow"
      actions={canChange && editing !== 'new' && links && links.length > 0 && <Button leftSection={<IconPlus size={16} />} onClick={add.run}>{add.label}</Button>}>
      {editing === 'new' && <Panel title={add.label}><LinkForm onClose={() => setEditing(null)} /></Panel>}
      {links?.length === 0 && editing !== 'new' && <Panel><EmptyState icon={IconExternalLink} title={t('company.links.none')} hint={t('company.links.noneHint')} {...(canChange ? { action: add } : {})} /></Panel>}
      {links && links.length > 0 && (
        <Panel>
          <ul className={classes.list}>
            {links.map((link) => (editing === link.id
              ? <li key={link.id}><LinkForm link={link} onClose={() => setEditing(null)} /></li>
              : (
                <li key={link.id} className={classes.row}>
                  <div className={classes.field}>
                    <Text size="sm" fw={550} truncate>{link.name}</Text>
                    <Text size="xs" c="var(--text-3)" truncate>{`${t(`company.links.${link.type as 'lead'}`)} · ${link.url}`}</Text>
                  </div>
                  {canChange && <>
                    <Tooltip label={t('general.edit')}><ActionIcon size={30} aria-label={t('company.links.edit', { name: link.name })} onClick={() => setEditing(link.id)}><IconPencil size={15} /></ActionIcon></Tooltip>
                    <Tooltip label={t('general.remove')}><ActionIcon size={30} aria-label={t('records.setup.remove', { name: link.name })} onClick={() => setGoes(link)}><IconTrash size={15} /></ActionIcon></Tooltip>
                  </>}
                </li>
              )))}
          </ul>
        </Panel>
      )}
      <ConfirmDialog isOpen={goes !== null} title={t('records.setup.remove', { name: goes?.name ?? '' })} confirmLabel={t('general.remove')} onClose={() => setGoes(null)} onConfirm={() => { const gone = goes!; setGoes(null); run(() => deleteLink(gone.id)); }}>
        <Text size="sm">{t('company.links.removeText')}</Text>
      </ConfirmDialog>
    </ScrollPage>
  );
}

function LinkForm({ link, onClose }: { link?: IntegrationLink; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [written, setWritten] = useState({ name: link?.name ?? '', type: link?.type ?? 'lead', url: link?.url ?? 'https://' });
  const set = (name: keyof typeof written) => (event: { currentTarget: { value: string } }) => { const { value } = event.currentTarget; setWritten((old) => ({ ...old, [name]: value })); };
  const save = useMutation({ mutationFn: () => saveLink(link?.id, written), onSuccess: () => { void queries.invalidateQueries({ queryKey: ['setup'] }); void queries.invalidateQueries({ queryKey: ['lead'] }); onClose(); } });
  return (
    <form className={link && classes.form} onSubmit={(event) => { event.preventDefault(); if (written.name.trim()) save.mutate(); }}>
      <Stack gap={10}>
        <Group gap={8} grow align="flex-end">
          <TextInput size="xs" label={t('company.links.name')} autoFocus value={written.name} onChange={set('name')} />
          <NativeSelect size="xs" label={t('company.links.on')} value={written.type} onChange={set('type')} data={PLACES.map((value) => ({ value, label: t(`company.links.${value}`) }))} />
        </Group>
        <TextInput size="xs" label={t('company.links.url')} description={`${t('company.links.urlHint')} https://www.example.com/search?q={{ ${written.type}.name }}`} value={written.url} onChange={set('url')} />
        {save.error && <Notice tone="bad">{explainError(save.error, t)}</Notice>}
        <Group gap={6}>
          <Button size="xs" type="submit" disabled={!written.name.trim()} loading={save.isPending}>{t('general.save')}</Button>
          <Button size="xs" variant="default" onClick={onClose}>{t('general.cancel')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
