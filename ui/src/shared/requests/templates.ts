import { queryOptions } from '@tanstack/react-query';
import { del, get, post, put } from '#/shared/api/client';
import type { Template, TemplateWrite } from '#/shared/api/types';

const MOST = 200;

/** One's own templates and the shared ones, the newest first. */
export const templatesQuery = (isArchived: boolean) => queryOptions({
  queryKey: ['templates', isArchived],
  queryFn: async ({ signal }) => {
    const found: Template[] = [];
    for (;;) {
      const page = await get('/email_template/', { query: { is_archived: isArchived, _limit: MOST, _skip: found.length }, signal });
      found.push(...page.data);
      if (!page.has_more) return found;
    }
  },
});

export const templateQuery = (templateId: string) => queryOptions({
  queryKey: ['template', templateId],
  queryFn: ({ signal }) => get('/email_template/{template_id}/', { at: { template_id: templateId }, signal }),
});

export const createTemplate = (body: TemplateWrite) => post('/email_template/', { body });
export const changeTemplate = (templateId: string, body: TemplateWrite) => put('/email_template/{template_id}/', { at: { template_id: templateId }, body });
export const deleteTemplate = (templateId: string) => del('/email_template/{template_id}/', { at: { template_id: templateId } });
