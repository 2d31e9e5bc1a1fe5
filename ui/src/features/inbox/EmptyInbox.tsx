import { IconCheck, IconClock, IconInbox, IconMailPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { InboxView } from '#/shared/api/types';
import { EmptyState } from '#/shared/parts/EmptyState';
import { accountsQuery } from '#/shared/requests/accounts';

const SIGNS = { inbox: IconInbox, future: IconClock, archive: IconCheck };

/** Nothing here: because all is done, or because no mailbox is connected yet. */
export function EmptyInbox({ view }: { view: InboxView }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data: accounts } = useQuery(accountsQuery);
  if (accounts?.length === 0) {
    return <EmptyState icon={IconMailPlus} title={t('inbox.noAccount')} hint={t('inbox.noAccountHint')} action={{ label: t('entry.connectAction'), run: () => void navigate({ to: '/settings/accounts/new' }) }} />;
  }
  return <EmptyState icon={SIGNS[view]} title={t(`inbox.empty.${view}`)} hint={t(`inbox.emptyHint.${view}`)} />;
}
