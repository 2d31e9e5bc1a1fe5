import { SegmentedControl, Select, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '#/shared/parts/ErrorState';
import { ScrollPage } from '#/shared/parts/Page';
import { accountsQuery } from '#/shared/requests/accounts';
import { useUser } from '#/shared/requests/authState';
import { signatureQuery } from '#/shared/requests/signature';
import { SignatureForm } from './SignatureForm';
import classes from './signature.module.css';

const MINE = 'mine';

/** One's own signature, and those of accounts that differ. */
export function SignaturePage({ accountId, onAccount }: { accountId: string | undefined; onAccount: (accountId: string | undefined) => void }) {
  const { t } = useTranslation();
  const me = useUser();
  const { data: accounts = [] } = useQuery(accountsQuery);
  const { data, error, refetch } = useQuery({ ...signatureQuery(accountId ?? null), refetchOnWindowFocus: false });
  const own = accounts.filter((account) => account.user_id === me.id || (account.user_id === null && me.role === 'admin'));
  const places = [{ value: MINE, label: t('signature.mine') }, ...own.map((account) => ({ value: account.id, label: account.email }))];
  const choose = (value: string | null) => onAccount(!value || value === MINE ? undefined : value);
  return (
    <ScrollPage title={t('shell.place.signature')} hint={t('signature.hint')}
      actions={own.length > 0 && (own.length < 4
        ? <SegmentedControl className={classes.places} size="xs" data={places} value={accountId ?? MINE} onChange={choose} aria-label={t('signature.whose')} />
        : <Select size="xs" data={places} value={accountId ?? MINE} onChange={choose} aria-label={t('signature.whose')} />)}>
      {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} />
        : !data ? <Skeleton h={340} radius={12} />
        : <SignatureForm key={`${accountId ?? MINE} ${String(data.is_own)}`} accountId={accountId ?? null} kept={data} email={own.find((account) => account.id === accountId)?.email ?? ''} />}
    </ScrollPage>
  );
}
