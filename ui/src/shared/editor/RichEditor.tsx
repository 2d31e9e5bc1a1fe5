import '@mantine/tiptap/styles.css';
import { Tooltip } from '@mantine/core';
import { Link, RichTextEditor } from '@mantine/tiptap';
import { IconBraces, IconCode, IconPhoto } from '@tabler/icons-react';
import { Placeholder } from '@tiptap/extensions';
import { useEditor, type Editor } from '@tiptap/react';
import StarterKit from '@tiptap/starter-kit';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { releaseKeys } from '#/shared/commands/heldKeys';
import { runCommand } from '#/shared/commands/registry';
import { Picture, Variable } from './nodes';
import { plainlyStyled } from './pasted';
import { pickPictures } from './pickPictures';
import { withChips, withTokens } from './tokens';
import { useMarkedChips, type ChipValues } from './useMarkedChips';
import { VariableMenu } from './VariableMenu';
import classes from './editor.module.css';

type Props = {
  html: string; label: string; placeholder: string; onChange: (html: string) => void;
  takesFocus?: boolean; toolbarAt?: 'top' | 'bottom'; values?: ChipValues; roots?: readonly string[]; extra?: ReactNode;
  /** Files dropped or pasted that are no pictures. */
  onFiles?: (files: File[]) => void;
  /** Where a pasted picture is to be found from now on; without it pictures are files like any other. */
  onPicture?: (file: File) => Promise<string | null>;
  onSource?: () => void;
  onReady?: (editor: Editor) => void;
};

/** Rich text for emails, templates and signatures: variables are chips here and plain tokens outside. */
export function RichEditor({ html, label, placeholder, onChange, takesFocus = false, toolbarAt = 'top', values, roots, extra, onFiles, onPicture, onSource, onReady }: Props) {
  const { t } = useTranslation();
  const [isPicking, setIsPicking] = useState(false);
  const editor = useEditor({
    injectCSS: false, // its rules stand in editor.module.css: the security policy allows no inline style element
    shouldRerenderOnTransaction: false,
    extensions: [
      StarterKit.configure({ link: false, heading: { levels: [2, 3] } }), Link.configure({ openOnClick: false, defaultProtocol: 'https' }), Placeholder.configure({ placeholder }),
      Variable.configure({ signatureLabel: t('editor.signature') }), Picture,
    ],
    content: withChips(html),
    editorProps: {
      // StarterKit's hard break takes Mod+Enter and stops it; sending has to win.
      handleKeyDown: (_view, event) => (event.key === 'Enter' && (event.metaKey || event.ctrlKey) ? runCommand('composeSend') : false),
      // ProseMirror would keep Escape to itself; it closes the window around the editor.
      handleDOMEvents: { keydown: (_view, event) => event.key === 'Escape' },
      transformPastedHTML: plainlyStyled,
      handlePaste: (_view, event) => takeFiles(event.clipboardData?.files),
      handleDrop: (_view, event) => takeFiles((event as DragEvent).dataTransfer?.files),
      attributes: { 'aria-label': label, role: 'textbox', 'aria-multiline': 'true' },
    },
    onUpdate: ({ editor: changed }) => onChange(withTokens(changed.getHTML())),
  });

  const addPictures = async (files: File[]) => {
    for (const file of files) {
      const src = await onPicture?.(file);
      if (src && editor && !editor.isDestroyed) editor.chain().focus().insertContent({ type: 'picture', attrs: { src, alt: file.name } }).run();
    }
  };
  const takeFiles = (list: FileList | undefined | null) => {
    const files = [...(list ?? [])];
    if (!files.length) return false;
    const pictures = onPicture ? files.filter((file) => file.type.startsWith('image/')) : [];
    void addPictures(pictures);
    const others = files.filter((file) => !pictures.includes(file));
    if (others.length) onFiles?.(others);
    return true;
  };

  useEffect(() => { if (editor && !editor.isDestroyed) onReady?.(editor); }, [editor]); // oxlint-disable-line react/exhaustive-deps -- told once for each editor
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
  useMarkedChips(editor, values);

  const toolbar = (
    <RichTextEditor.Toolbar>
      <RichTextEditor.ControlsGroup><RichTextEditor.Bold /><RichTextEditor.Italic /><RichTextEditor.Underline /><RichTextEditor.Strikethrough /></RichTextEditor.ControlsGroup>
      <RichTextEditor.ControlsGroup><RichTextEditor.BulletList /><RichTextEditor.OrderedList /><RichTextEditor.Blockquote /></RichTextEditor.ControlsGroup>
      <RichTextEditor.ControlsGroup>
        <RichTextEditor.Link />
        {onPicture && <Tooltip label={t('editor.picture')}><RichTextEditor.Control aria-label={t('editor.picture')} onClick={() => void pickPictures().then(addPictures)}><IconPhoto size={16} stroke={1.6} /></RichTextEditor.Control></Tooltip>}
        <RichTextEditor.ClearFormatting />
      </RichTextEditor.ControlsGroup>
      <RichTextEditor.ControlsGroup>
        <Tooltip label={t('editor.variableHint')}><RichTextEditor.Control aria-label={t('editor.variable')} onClick={() => { editor?.commands.focus(); setIsPicking(true); }}><IconBraces size={16} stroke={1.6} /></RichTextEditor.Control></Tooltip>
        {onSource && <Tooltip label={t('editor.source')}><RichTextEditor.Control aria-label={t('editor.source')} onClick={onSource}><IconCode size={16} stroke={1.6} /></RichTextEditor.Control></Tooltip>}
      </RichTextEditor.ControlsGroup>
      {extra}
    </RichTextEditor.Toolbar>
  );
  return (
    <RichTextEditor editor={editor} variant="subtle" classNames={{ root: classes.editor, Typography: classes.paper, content: classes.content, toolbar: classes.toolbar }} data-toolbar={toolbarAt}>
      {toolbarAt === 'top' && toolbar}
      <RichTextEditor.Content />
      {toolbarAt === 'bottom' && toolbar}
      {editor && <VariableMenu editor={editor} roots={roots ?? null} isPicking={isPicking} onClose={() => setIsPicking(false)} />}
    </RichTextEditor>
  );
}
