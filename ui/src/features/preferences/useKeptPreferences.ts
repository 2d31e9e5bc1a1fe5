/** Brings what the server keeps to this browser once, then sends every change there. */
import { useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, setLanguage, type Language } from '#/shared/i18n';
import { notifyError } from '#/shared/parts/notify';
import { usePreferences } from '#/shared/preferences';
import { changesBetween, keep, preferencesQuery, toChosen, toKept, withChanges, type Kept } from './kept';

const SEND_AFTER_MS = 400;

/** Answers the zone that holds from the start: where the server's is another than this browser's copy, times are written anew. */
export function useKeptPreferences(): string | null {
  const { data } = useQuery(preferencesQuery);
  const { i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const chosen = usePreferences();
  const [startZone, setStartZone] = useState(chosen.zone);
  const sent = useRef<Kept | null>(null);
  const coming = useRef<Language | null>(null); // its texts are being fetched: the one before is nobody's wish
  const [firstLook] = useState({ language: i18n.language, theme: colorScheme as string });
  const [before] = useState(() => toKept(chosen, firstLook));
  useEffect(() => {
    if (!data || sent.current) return;
    // What was set while the server's answer was on its way is newer than the answer.
    const now = withChanges(data, before, toKept(usePreferences.getState(), { language: i18n.language, theme: colorScheme }));
    const look = { language: data.language ?? firstLook.language, theme: data.theme ?? firstLook.theme };
    // Where nothing was chosen by hand, the server learns the zone of the device that was last used, as Close's does.
    sent.current = { ...toKept(toChosen(data), look), time_zone: data.time_zone };
    usePreferences.getState().set(toChosen(now));
    if (now.theme) setColorScheme(now.theme);
    if (now.language && now.language in LANGUAGES && now.language !== i18n.language) {
      coming.current = now.language;
      void setLanguage(now.language).finally(() => { coming.current = null; });
    }
    setStartZone(toChosen(now).zone);
  }, [data, before, firstLook, i18n, colorScheme, setColorScheme]);
  useEffect(() => {
    if (!sent.current) return undefined;
    const now = toKept(chosen, { language: coming.current ?? i18n.language, theme: colorScheme });
    const changes = changesBetween(sent.current, now);
    if (Object.keys(changes).length === 0) return undefined;
    const timer = setTimeout(() => { sent.current = now; keep(changes).catch((error: unknown) => notifyError(error)); }, SEND_AFTER_MS);
    return () => clearTimeout(timer);
  }, [chosen, i18n.language, colorScheme]);
  return startZone;
}
