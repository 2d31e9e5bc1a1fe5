import { useTranslation } from 'react-i18next';
import { ScrollPage } from '#/shared/parts/Page';
import { useUser } from '#/shared/requests/authState';
import { CustomFieldPanel } from './CustomFieldPanel';
import { PipelinePanel } from './PipelinePanel';
import { StatusPanel } from './StatusPanel';

/** Statuses, pipelines and custom fields. Everybody may look; admins change them. */
export function FieldsPage() {
  const { t } = useTranslation();
  const canChange = useUser().permissions.includes('manage_customizations');
  return (
    <ScrollPage title={t('records.setup.title')} hint={t(canChange ? 'records.setup.hint' : 'records.setup.onlyAdmins')} width="narrow">
      <CustomFieldPanel canChange={canChange} />
      <StatusPanel canChange={canChange} />
      <PipelinePanel canChange={canChange} />
    </ScrollPage>
  );
}
