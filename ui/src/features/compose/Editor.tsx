import '@mantine/tiptap/styles.css';
import { Link, RichTextEditor } from '@mantine/tiptap';
import { Placeholder } from '@tiptap/extensions';
import { useEditor } from '@tiptap/react';
import StarterKit from '@tiptap/starter-kit';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { releaseKeys } from '#/shared/commands/heldKeys';
import { runCommand } from '#/shared/commands/registry';
import classes from './compose.module.css';

type Props = { html: string; takesFocus: boolean; onChange: (html: string) => void; onFiles: (files: File[]) => void };

/** The text of the email. */
export function Editor({ html, takesFocus, onChange, onFiles }: Props) {
  const { t } = useTranslation();
  const takeFiles = (files: FileList | undefined) => { if (files?.length) onFiles([...files]); return !!files?.length; };
  const editor = useEditor({
    injectCSS: false, // its rules stand in compose.module.css: the security policy allows no inline style element
    shouldRerenderOnTransaction: false,
    extensions: [StarterKit.configure({ link: false, heading: { levels: [2, 3] } }), Link.configure({ openOnClick: false, defaultProtocol: 'https' }), Placeholder.configure({ placeholder: t('compose.placeholder') })],
    content: html,
    editorProps: {
      // StarterKit's hard break takes Mod+Enter and stops it; sending has to win.
      handleKeyDown: (_view, event) => (event.key === 'Enter' && (event.metaKey || event.ctrlKey) ? runCommand('composeSend') : false),
      handlePaste: (_view, event) => takeFiles(event.clipboardData?.files),
      handleDrop: (_view, event) => takeFiles(event.dataTransfer?.files),
      attributes: { 'aria-label': t('compose.body'), role: 'textbox', 'aria-multiline': 'true' },
    },
    onUpdate: ({ editor: changed }) => onChange(changed.getHTML()),
  });
  useEffect(() => {
    // TipTap drops an editor whose first commit came late, and makes another: only a living one can be focused.
    if (!editor || editor.isDestroyed || !takesFocus) return;
    // TipTap moves the focus a frame later: wait for the event itself before the held keys are let go.
    const insertHeld = () => {
      const typed = releaseKeys();
      if (typed) editor.commands.insertContentAt(1, typed.split('\n').map((line) => ({ type: 'paragraph', content: line ? [{ type: 'text', text: line }] : [] })));
    };
    editor.on('focus', insertHeld);
    editor.commands.focus('start');
    return () => { editor.off('focus', insertHeld); };
  }, [editor, takesFocus]);

  return (
    <RichTextEditor editor={editor} variant="subtle" classNames={{ root: classes.editor, Typography: classes.editorPaper, content: classes.editorContent, toolbar: classes.toolbar }}>
      <RichTextEditor.Content />
      <RichTextEditor.Toolbar>
        <RichTextEditor.ControlsGroup><RichTextEditor.Bold /><RichTextEditor.Italic /><RichTextEditor.Underline /><RichTextEditor.Strikethrough /></RichTextEditor.ControlsGroup>
        <RichTextEditor.ControlsGroup><RichTextEditor.BulletList /><RichTextEditor.OrderedList /><RichTextEditor.Blockquote /></RichTextEditor.ControlsGroup>
        <RichTextEditor.ControlsGroup><RichTextEditor.Link /><RichTextEditor.ClearFormatting /></RichTextEditor.ControlsGroup>
      </RichTextEditor.Toolbar>
    </RichTextEditor>
  );
}
