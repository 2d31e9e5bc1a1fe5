/** What is done with a template from its line or its page; all but deleting can be undone. */
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Template, TemplateWrite } from '#/shared/api/types';
import { openComposing } from '#/shared/mail/composing';
import { parseAddress } from '#/shared/mail/addresses';
import { withPlaces } from '#/shared/mail/pictures';
import { notifyDone, notifyError } from '#/shared/parts/notify';
import { offerUndo } from '#/shared/parts/undo';
import { changeTemplate, createTemplate, deleteTemplate } from '#/shared/requests/templates';

export function useTemplateActions() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const refresh = () => void queries.invalidateQueries({ queryKey: ['templates'] });
  const through = async (run: () => Promise<unknown>) => {
    try { await run(); return true; } catch (error) { notifyError(error); return false; } finally { refresh(); }
  };
  const change = async (template: Template, part: TemplateWrite, back: TemplateWrite, said: string) => {
    if (await through(() => changeTemplate(template.id, part))) offerUndo(said, () => void through(() => changeTemplate(template.id, back)));
  };
  return {
    use: (template: Template) => openComposing({
      subject: template.subject, html: withPlaces(template.body, template.attachments), attachments: template.attachments, templateId: template.id,
      cc: template.cc.map(parseAddress), bcc: template.bcc.map(parseAddress),
    }),
    duplicate: async (template: Template): Promise<string | undefined> => {
      let made: Template | undefined;
      await through(async () => {
        made = await createTemplate({
          name: t('templates.copyOf', { name: template.name }), subject: template.subject, body: template.body, cc: template.cc, bcc: template.bcc, attachments: template.attachments, is_shared: false,
        });
      });
      if (made) notifyDone(t('templates.duplicated'));
      return made?.id;
    },
    share: (template: Template) => void change(template, { is_shared: !template.is_shared }, { is_shared: template.is_shared }, t(template.is_shared ? 'templates.madePersonal' : 'templates.madeShared')),
    archive: (template: Template) => void change(template, { is_archived: !template.is_archived }, { is_archived: template.is_archived }, t(template.is_archived ? 'templates.restored' : 'templates.archived')),
    remove: (template: Template) => void through(() => deleteTemplate(template.id)),
  };
}
