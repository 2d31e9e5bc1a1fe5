import { useTranslation } from 'react-i18next';
import { Panel, ScrollPage } from '#/shared/parts/Page';
import { EnrolSteps } from './EnrolSteps';
import { PasswordGate } from './PasswordGate';

export function EnrolPage({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  return (
    <main>
      <ScrollPage width="narrow" title={t('access.twoFactor.required')} hint={t('access.twoFactor.requiredHint')}>
        <Panel><EnrolSteps onDone={onDone} /></Panel>
      </ScrollPage>
      <PasswordGate />
    </main>
  );
}
