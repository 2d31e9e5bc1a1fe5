/** English is in the page from the start; other languages are fetched when chosen. */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import en from './en';

declare module 'i18next' {
  interface CustomTypeOptions { defaultNS: 'translation'; resources: { translation: typeof en } }
}

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;
const KEPT = 'postroom-language';

export async function setLanguage(language: Language): Promise<void> {
  try { localStorage.setItem(KEPT, language); } catch { /* storage is switched off */ }
  await speak(language);
}

async function speak(language: Language | 'pseudo'): Promise<void> {
  if (language === 'pseudo') i18next.addResourceBundle('pseudo', 'translation', (await import('./pseudo')).pseudoTexts(en));
  if (language === 'de' && !i18next.hasResourceBundle('de', 'translation')) {
    i18next.addResourceBundle('de', 'translation', (await import('./de')).default);
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language === 'pseudo' ? 'en' : language;
}

function startLanguage(): Language | 'pseudo' {
  let kept: string | null = null;
  try { kept = localStorage.getItem(KEPT); } catch { /* storage is switched off */ }
  if (kept === 'pseudo') return kept; // for tests of the layout
  const wanted = kept ?? navigator.language.slice(0, 2);
  return wanted === 'de' ? 'de' : 'en';
}

/** Resolves when the texts of the reader's language are there. */
export async function startTexts(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en', fallbackLng: 'en', resources: { en: { translation: en } }, interpolation: { escapeValue: false },
  });
  await speak(startLanguage());
}
