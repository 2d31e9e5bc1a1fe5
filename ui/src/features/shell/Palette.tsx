import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { IconSettings, IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keysOf } from '#/shared/commands/bindings';
import { releaseKeys } from '#/shared/commands/heldKeys';
import { KEYMAP, printKeys, type KeyGroup } from '#/shared/commands/keymap';
import { runCommand, useLiveCommands } from '#/shared/commands/registry';
import { settingsPlacesFor } from '#/shared/parts/settingsPlaces';
import { usePreferences } from '#/shared/preferences';
import { useUser } from '#/shared/requests/authState';
import { searchLeadsQuery } from '#/shared/requests/searchLeads';

/** What is looked for by typing comes first; steps through a list are pressed, not searched. */
const PALETTE_ORDER = ['thread', 'mail', 'compose', 'go', 'app', 'list'] as const satisfies readonly KeyGroup[];

/** Every command that can run now, every page of the settings, and every lead, by typing. */
export function Palette() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [words, setWords] = useState('');
  const live = useLiveCommands((state) => state.live);
  const shortcuts = usePreferences((state) => state.shortcuts);
  const { permissions } = useUser();
  const { data: leads } = useQuery(searchLeadsQuery(useDeferredValue(words.trim())));

  const commands = useMemo<SpotlightActionGroupData[]>(() => PALETTE_ORDER.map((group) => ({
    group: t(`shell.group.${group}`),
    actions: KEYMAP.filter((row) => row.group === group && live.has(row.id) && row.id !== 'appPalette').map((row) => ({
      id: row.id, label: t(`shell.command.${row.id}`), rightSection: <kbd className="key">{printKeys(keysOf(row.id, shortcuts)[0] ?? '', t('shell.then'))}</kbd>,
      onClick: () => { setTimeout(() => runCommand(row.id)); }, // after the palette has given the focus back
    })),
  })).filter((group) => group.actions.length > 0), [live, shortcuts, t]);

  const places = useMemo<SpotlightActionGroupData>(() => ({
    group: t('settings.label'),
    actions: settingsPlacesFor(permissions).map((place) => ({
      id: place.to, label: t(`settings.place.${place.name}`), leftSection: <IconSettings size={16} />, onClick: () => { void navigate({ to: place.to }); },
    })),
  }), [permissions, navigate, t]);

  const found = useMemo<SpotlightActionGroupData[]>(() => (leads?.data.length ? [{
    group: t('shell.place.leads'),
    actions: leads.data.map((lead) => ({
      id: lead.id, label: lead.display_name, keywords: words, leftSection: <IconUsers size={16} />,
      onClick: () => { void navigate({ to: '/leads/$leadId', params: { leadId: lead.id } }); },
    })),
  }] : []), [leads, words, navigate, t]);

  return (
    <Spotlight actions={words.trim() ? [...commands, ...found, places] : commands} query={words} onQueryChange={setWords} shortcut={null} highlightQuery limit={16} scrollable maxHeight={440}
      nothingFound={t('shell.nothingFound')} transitionProps={{ duration: 80 }} overlayProps={{ backgroundOpacity: 0.25 }}
      searchProps={{
        placeholder: t('shell.palettePlaceholder'), 'aria-label': t('shell.palettePlaceholder'),
        onFocus: (event) => takeHeldKeys(event.currentTarget),
        onKeyDown: (event) => { if (event.key === 'Enter' && !layerOf(event.currentTarget)?.querySelector('[data-selected]')) runFirst(event.currentTarget); },
      }} />
  );
}

const layerOf = (element: HTMLElement) => element.closest<HTMLElement>('[role=dialog]');
/** Enter before Spotlight has marked a result takes the first one of the filtered list. */
const runFirst = (element: HTMLElement) => void setTimeout(() => layerOf(element)?.querySelector<HTMLElement>('[data-action]')?.click(), 60);

function takeHeldKeys(input: HTMLInputElement): void {
  const typed = releaseKeys();
  if (!typed) return;
  // A real input event, at once: the next key comes after it, and Spotlight marks its first result only on one.
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(input, input.value + typed.replace('\n', ''));
  input.dispatchEvent(new Event('input', { bubbles: true }));
  if (typed.endsWith('\n')) runFirst(input);
}
