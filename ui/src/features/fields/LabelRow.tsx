import { ActionIcon, NativeSelect, Text, TextInput, Tooltip } from '@mantine/core';
import { IconArrowUp, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './fields.module.css';

type Props = { label: string; kind?: string; isFirst: boolean; canChange: boolean; onRename: (label: string) => void; onKind?: (kind: string) => void; onUp: () => void; onRemove: () => void };

/** One status in its list: renamed by typing, moved, removed. */
export function LabelRow({ label, kind, isFirst, canChange, onRename, onKind, onUp, onRemove }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(label);
  const [shown, setShown] = useState(label);
  if (shown !== label) { setShown(label); setText(label); }
  const commit = () => { const next = text.trim(); if (next && next !== label) onRename(next); else setText(label); };
  if (!canChange) return <li className={classes.row}><Text size="sm" flex={1}>{label}</Text>{kind && <Text size="xs" c="var(--text-3)">{t(`records.setup.${kind as 'won'}`)}</Text>}</li>;
  return (
    <li className={classes.row}>
      <TextInput className={classes.name} size="sm" flex={1} aria-label={t('records.setup.rename', { name: label })} value={text} onChange={(event) => setText(event.currentTarget.value)} onBlur={commit} onKeyDown={(event) => { if (event.key === 'Enter') event.currentTarget.blur(); if (event.key === 'Escape') setText(label); }} />
      {kind && onKind && <NativeSelect size="xs" w={120} aria-label={t('records.setup.kind', { name: label })} value={kind} onChange={(event) => onKind(event.currentTarget.value)} data={(['active', 'won', 'lost'] as const).map((value) => ({ value, label: t(`records.setup.${value}`) }))} />}
      <Tooltip label={t('records.setup.up', { name: label })}><ActionIcon size={30} aria-label={t('records.setup.up', { name: label })} disabled={isFirst} onClick={onUp}><IconArrowUp size={15} /></ActionIcon></Tooltip>
      <Tooltip label={t('records.setup.remove', { name: label })}><ActionIcon size={30} aria-label={t('records.setup.remove', { name: label })} onClick={onRemove}><IconTrash size={15} /></ActionIcon></Tooltip>
    </li>
  );
}
