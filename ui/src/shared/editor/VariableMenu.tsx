import { Portal, Text, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Editor } from '@tiptap/react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fitting, variablesQuery } from './variables';
import classes from './editor.module.css';

const TYPED = /\{([\w. ]{0,40})$/;
const WIDTH = 320;
const HEIGHT = 260;
type Place = { typed: string; from: number; left: number; top: number };

/** Opens where `{` is typed, or by its button: arrows choose, Enter puts the chip in, Escape leaves the brace. */
export function VariableMenu({ editor, isPicking, roots, onClose }: { editor: Editor; isPicking: boolean; roots: readonly string[] | null; onClose: () => void }) {
  const { t } = useTranslation();
  const [place, setPlace] = useState<Place | null>(null);
  const [marked, setMarked] = useState({ typed: '', at: 0 });
  const left = useRef<number>(undefined); // where a menu was left by Escape: it does not open there again
  const { data } = useQuery({ ...variablesQuery, enabled: place !== null });
  const choices = place ? fitting(data?.data ?? [], place.typed, roots).slice(0, 40) : [];
  const current = Math.min(marked.typed === place?.typed ? marked.at : 0, choices.length - 1); // other words begin at the top again
  const setAt = (at: number) => setMarked({ typed: place?.typed ?? '', at });

  useEffect(() => {
    const look = () => {
      const { from, empty, $from } = editor.state.selection;
      const found = empty && editor.isFocused ? TYPED.exec($from.parent.textBetween(Math.max(0, $from.parentOffset - 42), $from.parentOffset, undefined, '\ufffc')) : null;
      const start = found ? from - found[0].length : from;
      if (!found && !isPicking) { left.current = undefined; setPlace(null); return; }
      if (found && left.current === start) { setPlace(null); return; }
      const caret = editor.view.coordsAtPos(from);
      setPlace({
        typed: found?.[1] ?? '', from: start, left: Math.max(8, Math.min(caret.left, innerWidth - WIDTH - 8)),
        top: caret.bottom + HEIGHT + 8 > innerHeight ? Math.max(8, caret.top - HEIGHT - 6) : caret.bottom + 6,
      });
    };
    look();
    editor.on('transaction', look);
    editor.on('focus', look);
    return () => { editor.off('transaction', look); editor.off('focus', look); };
  }, [editor, isPicking]);

  const choose = (variable: string) => {
    if (!place) return;
    const to = editor.state.selection.from;
    editor.chain().focus().deleteRange({ from: place.from, to }).insertContent({ type: 'variable', attrs: { token: `{{ ${variable} }}` } }).run();
    setPlace(null);
    onClose();
  };
  const isOpen = place !== null && choices.length > 0;
  useEffect(() => {
    if (!isOpen) return;
    const onKey = (event: KeyboardEvent) => {
      const chosen = choices[current];
      if (event.key === 'ArrowDown') setAt((current + 1) % choices.length);
      else if (event.key === 'ArrowUp') setAt((current + choices.length - 1) % choices.length);
      else if ((event.key === 'Enter' || event.key === 'Tab') && chosen) choose(chosen.variable);
      else if (event.key === 'Escape') { left.current = place.from; setPlace(null); onClose(); }
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    addEventListener('keydown', onKey, true); // before the editor and before the window that Escape would close
    return () => removeEventListener('keydown', onKey, true);
  });

  if (!isOpen) return null;
  return (
    <Portal>
      <div className={classes.menu} style={{ left: place.left, top: place.top, width: WIDTH, maxHeight: HEIGHT }} role="listbox" aria-label={t('editor.variable')}>
        {choices.map((choice, index) => (
          <UnstyledButton key={choice.variable} className={classes.choice} role="option" aria-selected={index === current} tabIndex={-1} onMouseDown={(event) => event.preventDefault()} onClick={() => choose(choice.variable)} ref={(element) => { if (index === current) element?.scrollIntoView({ block: 'nearest' }); }}>
            <Text span size="sm">{choice.meaning}</Text>
            <Text span size="xs" c="var(--text-3)">{choice.variable}</Text>
          </UnstyledButton>
        ))}
      </div>
    </Portal>
  );
}
