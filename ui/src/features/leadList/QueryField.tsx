import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useId, useState, type KeyboardEvent, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { complete, completeAnew, taken, type Choice, type Names } from './completion';
import { useQueryNames } from './useQueryNames';
import classes from './leadList.module.css';

/** `onWait`: what is written goes on, so nothing is asked yet. */
type Props = { ref: Ref<HTMLInputElement>; words: string; isWrong: boolean; onAskSoon: (text: string) => void; onAsk: (text: string) => void; onWait: () => void; onTake: (text: string) => void; onLeave: () => void };
/** `isAsked`: by a key, not by what was typed. */
type Written = { text: string; caret: number; isAsked?: true };

/** Where a query is written: under it stands what it can go on with. Nothing is marked until an arrow marks it. */
export function QueryField({ ref, words, isWrong, onAskSoon, onAsk, onWait, onTake, onLeave }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const [isMet, setIsMet] = useState(false);
  const [written, setWritten] = useState<Written | null>(null); // null: the list is closed
  const [marked, setMarked] = useState(-1);
  const names = useQueryNames(isMet);
  const completion = written && (written.isAsked ? completeAnew : complete)(written.text, written.caret, names);
  const choices = completion?.choices ?? [];
  const isOpen = choices.length > 0;
  const at = marked < choices.length ? marked : -1;

  const show = (next: Written | null) => { setWritten(next); setMarked(-1); };
  const read = (field: HTMLInputElement) => ({ text: field.value, caret: field.selectionStart ?? field.value.length });
  const put = (choice: Choice, field: HTMLInputElement | null) => {
    if (!field || !written || !completion) return;
    const next = taken(written.text, completion, choice);
    field.value = next.text;
    field.setSelectionRange(next.caret, next.caret);
    field.focus();
    show(choice.isDone ? null : next);
    if (choice.isDone) onAsk(next.text.trim()); else onWait();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const field = event.currentTarget;
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!isOpen) { show({ ...read(field), isAsked: true }); return; }
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setMarked(at < 0 && step < 0 ? choices.length - 1 : at + step >= choices.length ? -1 : at + step);
    } else if (event.key === ' ' && event.ctrlKey) {
      event.preventDefault();
      show({ ...read(field), isAsked: true });
    } else if ((event.key === 'Enter' || event.key === 'Tab') && isOpen && at >= 0 && !event.shiftKey) {
      event.preventDefault();
      put(choices[at]!, field);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      show(null);
      onTake(field.value.trim());
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      if (isOpen) { event.preventDefault(); show(null); return; }
      onLeave();
      field.blur();
    }
  };

  return (
    <div className={classes.query}>
      <TextInput ref={ref} id={id} size="sm" defaultValue={words} error={isWrong} leftSection={<IconSearch size={15} />} rightSection={<kbd className="key">/</kbd>} placeholder={t('leadList.query')} aria-label={t('leadList.query')} spellCheck={false} autoComplete="off" autoCapitalize="none"
        role="combobox" aria-autocomplete="list" aria-haspopup="listbox" aria-expanded={isOpen} aria-controls={isOpen ? `${id}-list` : undefined} aria-activedescendant={at >= 0 ? `${id}-${at}` : undefined}
        onFocus={() => setIsMet(true)} onBlur={(event) => { const left = event.currentTarget.value.trim(); show(null); if (left !== words) onAskSoon(left); }} onKeyDown={onKeyDown}
        onChange={(event) => { const next = read(event.currentTarget); show(next); if (isOpenEnded(next, names)) onWait(); else onAskSoon(next.text.trim()); }}
        onSelect={(event) => { const next = read(event.currentTarget); if (written && next.caret !== written.caret) show(next); }} />
      {isOpen && (
        <div id={`${id}-list`} className={classes.choices} role="listbox" aria-label={t('leadList.suggestions')}>
          {choices.map((choice, index) => (
            <div key={choice.text} id={`${id}-${index}`} role="option" aria-selected={index === at} className={classes.choice} ref={(line) => { if (index === at) line?.scrollIntoView({ block: 'nearest' }); }}
              tabIndex={-1} onMouseDown={(event) => { event.preventDefault(); if (event.button === 0) put(choice, document.getElementById(id) as HTMLInputElement | null); } /* the caret stays in the box */}>
              <span>{choice.label}</span>{choice.hint && <span className={classes.choiceHint}>{t(`leadList.hint.${choice.hint}`)}</span>}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

/** A field whose value is still to come, and stands to be chosen: that nobody has said it yet is no mistake. */
const isOpenEnded = ({ text, caret }: Written, names: Names) => caret === text.length && /[:<>=]\s*$/.test(text) && complete(text, caret, names) !== null;
