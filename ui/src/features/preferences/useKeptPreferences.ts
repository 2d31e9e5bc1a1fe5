/** Brings what the server keeps to this browser once, then sends every change there. */
import { useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Preferences } from '#/shared/api/types';
import { LANGUAGES, setLanguage, type Language } from '#/shared/i18n';
import { notifyError } from '#/shared/parts/notify';
import { usePreferences } from '#/shared/preferences';
import { changesBetween, keep, preferencesQuery, toChosen, toKept, type Kept } from './kept';

const SEND_AFTER_MS = 400;

/** Answers the zone that holds from the start: where the server's is another than this browser's copy, times are written anew. */
export function useKeptPreferences(): string | null {
  const { data } = useQuery(preferencesQuery);
  const { i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const chosen = usePreferences();
  const [startZone, setStartZone] = useState(chosen.zone);
  const [atStart] = useState({ chosen, theme: colorScheme });
  const sent = useRef<Kept | null>(null);
  useEffect(() => {
    if (!data || sent.current) return;
    const look = { language: data.language ?? i18n.language, theme: data.theme ?? colorScheme };
    // Where nothing was chosen by hand, the server learns the zone of the device that was last used, as Close's does.
    sent.current = { ...toKept(toChosen(data), look), time_zone: data.time_zone };
    // What was set while the server's answer was on its way is newer than the answer.
    const language = look.language;
    const newer = changesBetween(toKept(atStart.chosen, { language, theme: atStart.theme }), toKept(usePreferences.getState(), { language, theme: colorScheme }));
    const holds = { ...data, ...(newer as Partial<Preferences>) };
    apply(holds, setColorScheme);
    setStartZone(toChosen(holds).zone);
  }, [data, atStart, i18n, colorScheme, setColorScheme]);
  useEffect(() => {
    if (!sent.current) return undefined;
    const now = toKept(chosen, { language: i18n.language, theme: colorScheme });
    const changes = changesBetween(sent.current, now);
    if (Object.keys(changes).length === 0) return undefined;
    const timer = setTimeout(() => { sent.current = now; keep(changes).catch((error: unknown) => notifyError(error)); }, SEND_AFTER_MS);
    return () => clearTimeout(timer);
  }, [chosen, i18n.language, colorScheme]);
  return startZone;
}

function apply(kept: Preferences, setColorScheme: (scheme: 'light' | 'dark' | 'auto') => void): void {
  usePreferences.getState().set(toChosen(kept));
  if (kept.language && kept.language in LANGUAGES) void setLanguage(kept.language as Language);
  if (kept.theme) setColorScheme(kept.theme as 'light' | 'dark' | 'auto');
}
