import type { Editor } from '@tiptap/react';
import { useEffect } from 'react';
import { CHIP } from './tokens';

/** By token: what it stands for now. "empty" has no value for this recipient, "unknown" has none for anybody. */
export type ChipValues = ReadonlyMap<string, { text: string; problem: 'empty' | 'unknown' | null }>;

/** Shows on each chip what it will become, and marks those that become nothing. */
export function useMarkedChips(editor: Editor | null, values: ChipValues | undefined): void {
  useEffect(() => {
    if (!editor || editor.isDestroyed || !values) return;
    const mark = () => {
      for (const chip of editor.view.dom.querySelectorAll<HTMLElement>(`[${CHIP}]`)) {
        const token = chip.getAttribute(CHIP) ?? '';
        const value = values.get(token);
        chip.title = value?.text ? `${token} → ${value.text}` : token;
        if (value?.problem) chip.dataset.problem = value.problem; else delete chip.dataset.problem;
      }
    };
    mark();
    editor.on('update', mark);
    return () => { editor.off('update', mark); };
  }, [editor, values]);
}
