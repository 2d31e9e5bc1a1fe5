import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '#/shared/parts/ErrorState';
import { ScrollPage } from '#/shared/parts/Page';
import { templateQuery } from '#/shared/requests/templates';
import { TemplateForm } from './TemplateForm';

/** One template; `templateId` undefined is one that is being made. */
export function TemplatePage({ templateId, onSaved, onLeave }: { templateId: string | undefined; onSaved: (templateId: string) => void; onLeave: () => void }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({ ...templateQuery(templateId ?? ''), enabled: !!templateId, refetchOnWindowFocus: false });
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (templateId && !data) return <ScrollPage title={t('shell.place.templates')}><Skeleton h={420} radius={12} /></ScrollPage>;
  return <TemplateForm key={data?.id ?? 'new'} template={data} onSaved={onSaved} onLeave={onLeave} />;
}
