import { Button, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './editor.module.css';

type Props = { html: string; label: string; onChange: (html: string) => void; onRich?: () => void; isKept: boolean };

/** The HTML itself. `isKept`: the simple editor would lose parts of it. */
export function SourceEditor({ html, label, onChange, onRich, isKept }: Props) {
  const { t } = useTranslation();
  return (
    <div className={classes.source}>
      <div className={classes.sourceHead}>
        <Text size="xs" flex={1}>{t(isKept ? 'editor.sourceKept' : 'editor.sourceHint')}</Text>
        {onRich && <Button size="compact-xs" variant="default" onClick={onRich}>{t('editor.simple')}</Button>}
      </div>
      <textarea className={classes.sourceText} aria-label={label} value={html} spellCheck={false} onChange={(event) => onChange(event.currentTarget.value)} />
    </div>
  );
}
