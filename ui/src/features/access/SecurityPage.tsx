import { ScrollPage } from '#/shared/parts/Page';
import { useTranslation } from 'react-i18next';
import { PasswordPanel } from './PasswordPanel';
import { SessionsPanel } from './SessionsPanel';
import { TwoFactorPanel } from './TwoFactorPanel';

/** One's own sign-in: password, second factor, browsers. */
export function SecurityPage() {
  const { t } = useTranslation();
  return (
    <ScrollPage width="narrow" title={t('settings.place.security')}>
      <TwoFactorPanel />
      <PasswordPanel />
      <SessionsPanel />
    </ScrollPage>
  );
}
