import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '#/shared/api/errors';
import { mistakeText } from './mistakeTexts';
import classes from './parts.module.css';

/** Where a query goes wrong, what is wrong there, and what was probably meant. */
export type Mistake = { text: string; at: number; length: number; meant: string };

export function mistakeIn(error: unknown, words: string): Mistake | null {
  if (!(error instanceof ApiError) || !error.fields['query.text']) return null;
  const at = Math.max(0, Math.min(words.length, Number(error.fields['query.column'] ?? '1') - 1));
  const length = /^(?:"[^"]*"?|[<>=!:]{2,3}|[^\s():<>=!,"]+|.)/.exec(words.slice(at))?.[0].length ?? 0;
  return { text: error.fields['query.text'], at, length, meant: error.fields['query.meant'] ?? '' };
}

export function QueryMistake({ words, mistake: { text, at, length, meant }, onMend }: { words: string; mistake: Mistake; onMend: (words: string) => void }) {
  const { t } = useTranslation();
  return (
    <div className={classes.mistake} role="alert">
      <code className={classes.mistaken}>{words.slice(0, at)}<mark>{words.slice(at, at + length) || '▁'}</mark>{words.slice(at + length)}</code>
      <span className={classes.mistakeText}><IconAlertTriangle size={15} aria-hidden />{mistakeText(text, t)}</span>
      {meant && !meant.includes('…') && <Button size="compact-xs" variant="default" onClick={() => onMend(words.slice(0, at) + meant + words.slice(at + length))}>{t('leadList.useInstead', { word: meant })}</Button>}
    </div>
  );
}
