import { useTranslation } from 'react-i18next';
import { useUser } from '#/shared/requests/authState';
import { ScrollPage } from '#/shared/parts/Page';
import { DomainsPanel } from './DomainsPanel';
import type { Kind } from './suppression';
import { SuppressedPanel } from './SuppressedPanel';
import { UnsubscribePanel } from './UnsubscribePanel';

export type Looking = { q?: string; kind?: Kind };

/** Who gets no bulk email, how people unsubscribe, and whether receivers believe that mail is ours. */
export function SuppressionPage({ looking, onLook }: { looking: Looking; onLook: (looking: Looking) => void }) {
  const { t } = useTranslation();
  const me = useUser();
  return (
    <ScrollPage title={t('suppression.title')} hint={t('suppression.hint')}>
      <DomainsPanel isAdmin={me.role === 'admin'} />
      <UnsubscribePanel isAdmin={me.role === 'admin'} />
      <SuppressedPanel looking={looking} onLook={onLook} mayChange={me.role !== 'restricted'} />
    </ScrollPage>
  );
}
