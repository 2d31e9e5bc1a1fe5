import { useQueryClient } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Attachment, Template } from '#/shared/api/types';
import { usedFiles, withContentIds, withPlaces } from '#/shared/mail/pictures';
import { notifyError } from '#/shared/parts/notify';
import { changeTemplate, createTemplate } from '#/shared/requests/templates';

/** `body` holds places of pictures that the page can show; `shownBody` is what the editor begins with. */
export type TemplateFields = { name: string; subject: string; body: string; shownBody: string; is_shared: boolean; cc: string[]; bcc: string[]; attachments: Attachment[] };

function startOf(template: Template | undefined): TemplateFields {
  const body = template ? withPlaces(template.body, template.attachments) : '';
  return { name: template?.name ?? '', subject: template?.subject ?? '', body, shownBody: body, is_shared: template?.is_shared ?? false, cc: template?.cc ?? [], bcc: template?.bcc ?? [], attachments: template?.attachments ?? [] };
}

/** What is being written of a template, and its keeping. Leaving with changes asks first. */
export function useTemplateForm(template: Template | undefined, onSaved: (templateId: string) => void) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [form, setForm] = useState(() => startOf(template));
  const now = useRef(form);
  const [isDirty, setIsDirty] = useState(false);
  const [isSaving, setIsSaving] = useState(false);
  const [nameError, setNameError] = useState<string>();
  const isLeaving = useRef(false);
  useBlocker({ shouldBlockFn: () => isDirty && !isLeaving.current && !window.confirm(t('templates.unsaved')), enableBeforeUnload: () => isDirty });

  const change = (part: Partial<TemplateFields>) => {
    now.current = { ...now.current, ...part };
    setForm(now.current);
    setIsDirty(true);
    if (part.name?.trim()) setNameError(undefined);
  };
  const save = async () => {
    const { shownBody: _, ...fields } = now.current;
    if (!fields.name.trim()) { setNameError(t('templates.needsName')); return; }
    const body = withContentIds(fields.body, fields.attachments);
    const content = { ...fields, name: fields.name.trim(), body, attachments: usedFiles(body, fields.attachments) };
    setIsSaving(true);
    try {
      const saved = template ? await changeTemplate(template.id, content) : await createTemplate(content);
      setIsDirty(false);
      isLeaving.current = true;
      void queries.invalidateQueries({ queryKey: ['templates'] });
      if (template) queries.setQueryData(['template', saved.id], saved); else onSaved(saved.id);
    } catch (error) {
      notifyError(error);
    } finally {
      isLeaving.current = false;
      setIsSaving(false);
    }
  };
  return { form, now, change, save, isDirty, isSaving, nameError };
}
