import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '#/shared/parts/ErrorState';
import { Panel } from '#/shared/parts/Page';
import { DomainCheck } from './DomainCheck';
import { domainsQuery } from './suppression';

/** Every domain that is sent from. */
export function DomainsPanel({ isAdmin }: { isAdmin: boolean }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(domainsQuery);
  return (
    <Panel flush title={t('suppression.domains')} hint={t('suppression.domainsHint')}>
      {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} />
        : !data ? <Skeleton h={64} m={16} radius={8} />
        : !data.data.length ? <Text size="sm" c="var(--text-3)" p={18}>{t('suppression.noDomains')}</Text>
        : data.data.map((domain) => <DomainCheck key={domain.domain} domain={domain} isAdmin={isAdmin} />)}
    </Panel>
  );
}
