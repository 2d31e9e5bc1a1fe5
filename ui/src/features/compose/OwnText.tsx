import { Button, Text } from '@mantine/core';
import type { Editor } from '@tiptap/react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RichEditor } from '#/shared/editor/RichEditor';
import { SafeFrame } from '#/shared/editor/SafeFrame';
import { SourceEditor } from '#/shared/editor/SourceEditor';
import { needsSource } from '#/shared/editor/tokens';
import type { ChipValues } from '#/shared/editor/useMarkedChips';
import classes from './compose.module.css';

type Props = {
  html: string; takesFocus: boolean; values: ChipValues | undefined; onChange: (html: string) => void; onFiles: (files: File[]) => void; onPicture: (file: File) => Promise<string | null>; onReady: (editor: Editor) => void;
};

/** Our own words: in the editor, as HTML, or, where the editor would spoil a designed template, shown as they will look. */
export function OwnText({ html: start, takesFocus, values, onChange, onFiles, onPicture, onReady }: Props) {
  const { t } = useTranslation();
  const [html, setHtml] = useState(start);
  const [how, setHow] = useState<'rich' | 'source' | 'designed'>(needsSource(start) ? 'designed' : 'rich');
  const change = (next: string) => { setHtml(next); onChange(next); };
  if (how === 'source') return <SourceEditor html={html} label={t('compose.body')} onChange={change} isKept={needsSource(html)} onRich={() => setHow('rich')} />;
  if (how === 'designed') {
    return (
      <div className={classes.designed}>
        <div className={classes.designedHead}>
          <Text size="xs" c="var(--text-3)" flex={1}>{t('compose.designed')}</Text>
          <Button size="compact-xs" variant="default" onClick={() => setHow('source')}>{t('editor.source')}</Button>
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setHow('rich')}>{t('editor.simpleLoses')}</Button>
        </div>
        <div className={classes.designedPaper}><SafeFrame html={html} title={t('compose.body')} /></div>
      </div>
    );
  }
  return (
    <RichEditor html={html} label={t('compose.body')} placeholder={t('compose.placeholder')} takesFocus={takesFocus} toolbarAt="bottom" {...(values ? { values } : {})}
      onChange={change} onFiles={onFiles} onPicture={onPicture} onSource={() => setHow('source')} onReady={onReady} />
  );
}
