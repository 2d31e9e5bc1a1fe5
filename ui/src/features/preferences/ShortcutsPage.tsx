import { Button, Group, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { conflictOf, keysOf } from '#/shared/commands/bindings';
import { keyName } from '#/shared/commands/dispatch';
import { KEY_GROUPS, KEYMAP, printKeys, type CommandId } from '#/shared/commands/keymap';
import { Notice } from '#/shared/parts/Notice';
import { Panel, ScrollPage } from '#/shared/parts/Page';
import { usePreferences } from '#/shared/preferences';
import classes from './preferences.module.css';

const SEQUENCE_MS = 900;
const ONLY_MODIFIERS = /^(Shift|Control|Alt|Meta|AltGraph|Dead|CapsLock|Tab)$/;

/** Every shortcut, and other keys for whoever is used to others. */
export function ShortcutsPage() {
  const { t } = useTranslation();
  const { shortcuts, set } = usePreferences();
  const [recording, setRecording] = useState<CommandId | null>(null);
  const [wish, setWish] = useState<{ id: CommandId; keys: string; other: CommandId } | null>(null);
  const bind = (id: CommandId, keys: string) => {
    const other = conflictOf(id, keys, shortcuts);
    if (other) setWish({ id, keys, other }); else set({ shortcuts: { ...shortcuts, [id]: keys } });
  };
  const reset = (id: CommandId) => set({ shortcuts: Object.fromEntries(Object.entries(shortcuts).filter(([each]) => each !== id)) });
  useRecorder(recording, (keys) => { const id = recording!; setRecording(null); if (keys) bind(id, keys); });
  return (
    <ScrollPage width="narrow" title={t('settings.place.shortcuts')} hint={t('preferences.shortcutsHint')}
      actions={Object.keys(shortcuts).length > 0 && <Button variant="default" onClick={() => set({ shortcuts: {} })}>{t('preferences.resetAll')}</Button>}>
      {KEY_GROUPS.map((group) => (
        <Panel key={group} flush title={t(`shell.group.${group}`)}>
          <ul className={classes.shortcuts}>
            {KEYMAP.filter((row) => row.group === group).map(({ id }) => (
              <li key={id}>
                <div className={classes.shortcut}>
                  <Text size="sm" className={classes.text}>{t(`shell.command.${id}`)}</Text>
                  <Group gap={4} wrap="nowrap" role="status">{recording === id ? <Text size="sm" c="var(--accent)">{t('preferences.press')}</Text> : keysOf(id, shortcuts).map((keys) => <kbd className="key" key={keys}>{printKeys(keys, t('shell.then'))}</kbd>)}</Group>
                  <Button size="compact-sm" variant="default" aria-label={`${t('preferences.change')}: ${t(`shell.command.${id}`)}`} onClick={() => { setWish(null); setRecording(recording === id ? null : id); }}>{t(recording === id ? 'general.cancel' : 'preferences.change')}</Button>
                  {shortcuts[id] !== undefined && <Button size="compact-sm" variant="subtle" color="gray" aria-label={`${t('preferences.reset')}: ${t(`shell.command.${id}`)}`} onClick={() => reset(id)}>{t('preferences.reset')}</Button>}
                </div>
                {wish?.id === id && (
                  <Notice tone="warn">
                    {t('preferences.conflict', { keys: printKeys(wish.keys, t('shell.then')), other: t(`shell.command.${wish.other}`) })}
                    <Group gap="xs" mt={6}>
                      <Button size="compact-sm" onClick={() => { set({ shortcuts: { ...shortcuts, [wish.other]: '', [id]: wish.keys } }); setWish(null); }}>{t('preferences.takeIt')}</Button>
                      <Button size="compact-sm" variant="default" onClick={() => setWish(null)}>{t('general.cancel')}</Button>
                    </Group>
                  </Notice>
                )}
              </li>
            ))}
          </ul>
        </Panel>
      ))}
    </ScrollPage>
  );
}

/** Listens for one key, or two after each other, before anything else of the page does. Escape gives up. */
function useRecorder(recording: CommandId | null, onKeys: (keys: string | null) => void): void {
  useEffect(() => {
    if (!recording) return undefined;
    let first = '';
    let timer: ReturnType<typeof setTimeout> | undefined;
    const listen = (event: KeyboardEvent) => {
      if (ONLY_MODIFIERS.test(event.key)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (event.key === 'Escape') { onKeys(null); return; }
      const name = keyName(event);
      clearTimeout(timer);
      if (first || name.startsWith('mod+')) { onKeys(first ? `${first} ${name}` : name); return; }
      first = name;
      timer = setTimeout(() => onKeys(first), SEQUENCE_MS);
    };
    addEventListener('keydown', listen, { capture: true });
    return () => { clearTimeout(timer); removeEventListener('keydown', listen, { capture: true }); };
    // eslint-disable-next-line -- `onKeys` is new at every render; the command alone says what is recorded
  }, [recording]);
}
