import { ActionIcon, Anchor, Button, FileButton, Switch, TagsInput, Text, TextInput, Tooltip } from '@mantine/core';
import { IconArrowLeft, IconPaperclip } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Template } from '#/shared/api/types';
import { useCommands } from '#/shared/commands/registry';
import { RichEditor } from '#/shared/editor/RichEditor';
import { SourceEditor } from '#/shared/editor/SourceEditor';
import { needsSource } from '#/shared/editor/tokens';
import { AttachmentTray } from '#/shared/mail/AttachmentTray';
import { useAttachments } from '#/shared/mail/useAttachments';
import { KeyTip } from '#/shared/parts/KeyTip';
import { Notice } from '#/shared/parts/Notice';
import { SubjectField } from './SubjectField';
import { TemplatePreview } from './TemplatePreview';
import { useOwner } from './useOwner';
import { useTemplateActions } from './useTemplateActions';
import { useTemplateForm } from './useTemplateForm';
import classes from './templates.module.css';

type Props = { template: Template | undefined; onSaved: (templateId: string) => void; onLeave: () => void };

/** A template being written at the left, and what a contact would get at the right. */
export function TemplateForm({ template, onSaved, onLeave }: Props) {
  const { t } = useTranslation();
  const { canChange, ownerName } = useOwner(template);
  const actions = useTemplateActions();
  const { form, now, change, save, isDirty, isSaving, nameError } = useTemplateForm(template, onSaved);
  const { uploading, add, addPicture } = useAttachments((file) => change({ attachments: [...now.current.attachments, file] }));
  const [isSource, setIsSource] = useState(() => needsSource(form.body));
  const [showsCopies, setShowsCopies] = useState(form.cc.length + form.bcc.length > 0);
  const name = useRef<HTMLInputElement>(null);
  useCommands({ appSave: () => { if (canChange) void save(); }, threadBack: onLeave });
  useEffect(() => { if (!template) name.current?.focus(); }, [template]);
  const title = template?.name ?? t('shell.command.templateNew');
  useEffect(() => { document.title = `${title} · Postroom`; }, [title]);

  return (
    <div className={classes.page}>
      <header className={classes.pageHead}>
        <Link to="/templates" className={classes.back} aria-label={t('templates.backToList')}><IconArrowLeft size={18} /></Link>
        <Text component="h1" fw={650} size="lg" truncate flex={1}>{title}</Text>
        {template && !template.is_archived && <Button size="xs" variant="default" onClick={() => actions.use(template)}>{t('templates.use')}</Button>}
        {canChange
          ? <KeyTip command="appSave"><Button size="xs" loading={isSaving} disabled={!isDirty} onClick={() => void save()}>{t(isDirty ? 'general.save' : 'general.saved')}</Button></KeyTip>
          : template && <Button size="xs" onClick={() => void actions.duplicate(template).then((id) => { if (id) onSaved(id); })}>{t('templates.duplicate')}</Button>}
      </header>
      <div className={classes.columns}>
        <section className={classes.editor} aria-label={t('templates.text')}>
          {!canChange && <Notice tone="calm">{t('templates.readOnly', { owner: ownerName })}</Notice>}
          {template?.is_archived && <Notice tone="warn">{t('templates.isArchived')} <Anchor component="button" type="button" size="sm" c="inherit" td="underline" onClick={() => actions.archive(template)}>{t('templates.restore')}</Anchor></Notice>}
          <div className={classes.topRow}>
            <TextInput ref={name} flex={1} label={t('templates.name')} required value={form.name} error={nameError} disabled={!canChange} onChange={(event) => change({ name: event.currentTarget.value })} />
            <Switch className={classes.switch} label={t('templates.sharedWithAll')} checked={form.is_shared} disabled={!canChange} onChange={(event) => change({ is_shared: event.currentTarget.checked })} />
          </div>
          <SubjectField value={form.subject} isDisabled={!canChange} onChange={(subject) => change({ subject })} />
          {showsCopies
            ? <div className={classes.copies}><TagsInput label={t('mail.cc')} value={form.cc} disabled={!canChange} onChange={(cc) => change({ cc })} /><TagsInput label={t('mail.bcc')} value={form.bcc} disabled={!canChange} onChange={(bcc) => change({ bcc })} /></div>
            : canChange && <Anchor component="button" type="button" size="xs" mb={10} style={{ alignSelf: 'flex-start' }} onClick={() => setShowsCopies(true)}>{t('templates.addCopies')}</Anchor>}
          <div className={classes.paper} inert={!canChange || undefined}>
            {isSource
              ? <SourceEditor html={form.body} label={t('compose.body')} isKept={needsSource(form.body)} onChange={(body) => change({ body })} onRich={() => setIsSource(false)} />
              : (
                <RichEditor html={now.current.shownBody} label={t('compose.body')} placeholder={t('templates.placeholder')} onChange={(body) => change({ body })} onFiles={add} onPicture={addPicture} onSource={() => setIsSource(true)}
                  extra={(
                    <FileButton multiple onChange={add}>
                      {(props) => <Tooltip label={t('compose.attach')}><ActionIcon {...props} size={26} ml="auto" aria-label={t('compose.attach')}><IconPaperclip size={16} /></ActionIcon></Tooltip>}
                    </FileButton>
                  )} />
              )}
          </div>
          <AttachmentTray files={form.attachments.filter((file) => !file.inline_only)} uploading={uploading} onRemove={(file) => change({ attachments: now.current.attachments.filter((each) => each !== file) })} />
        </section>
        <TemplatePreview subject={form.subject} body={form.body} attachments={form.attachments} />
      </div>
    </div>
  );
}
