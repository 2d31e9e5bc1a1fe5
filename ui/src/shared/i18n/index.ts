/**
 * English is in the page from the start, as far as the lists of mail need it; the rest, and other languages, are fetched
 * when a page that speaks them opens.
 */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type en from './en';
import first from './en/first';

declare module 'i18next' {
  interface CustomTypeOptions { defaultNS: 'translation'; resources: { translation: typeof en } }
}

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;
type Spoken = Language | 'pseudo';
const KEPT = 'postroom-language';

const FIRST: Record<Spoken, () => Promise<object>> = {
  en: () => Promise.resolve(first),
  de: async () => (await import('./de/first')).default,
  pseudo: async () => (await import('./pseudo')).pseudoTexts(first),
};
const WHOLE: Record<Spoken, () => Promise<object>> = {
  en: async () => (await import('./en')).default,
  de: async () => (await import('./de')).default,
  pseudo: async () => (await import('./pseudo')).pseudoTexts((await import('./en')).default),
};
const whole = new Set<Spoken>();

export async function setLanguage(language: Language): Promise<void> {
  try { localStorage.setItem(KEPT, language); } catch { /* storage is switched off */ }
  await learn(language, WHOLE);
  await speak(language);
}

async function learn(language: Spoken, texts: typeof FIRST): Promise<void> {
  if (whole.has(language)) return;
  i18next.addResourceBundle(language, 'translation', await texts[language](), true, true);
  if (texts === WHOLE) whole.add(language);
}

async function speak(language: Spoken): Promise<void> {
  await i18next.changeLanguage(language);
  document.documentElement.lang = language === 'pseudo' ? 'en' : language;
}

function startLanguage(): Spoken {
  let kept: string | null = null;
  try { kept = localStorage.getItem(KEPT); } catch { /* storage is switched off */ }
  if (kept === 'pseudo') return kept; // for tests of the layout
  const wanted = kept ?? navigator.language.slice(0, 2);
  return wanted === 'de' ? 'de' : 'en';
}

/** Resolves when the reader's language is there, as far as the first page needs it. */
export async function startTexts(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en', fallbackLng: 'en', resources: { en: { translation: first } }, interpolation: { escapeValue: false }, react: { bindI18nStore: 'added' },
  });
  const language = startLanguage();
  await learn(language, FIRST);
  await speak(language);
}

/** Everything the page says, for what is not a list of mail; nothing to wait for once it is there. */
export function wholeTexts(): Promise<void> | undefined {
  const language = i18next.language as Spoken;
  return whole.has(language) ? undefined : learn(language, WHOLE);
}
