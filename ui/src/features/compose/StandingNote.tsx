import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { get } from '#/shared/api/client';
import type { Address } from '#/shared/mail/addresses';
import classes from './compose.module.css';

const KINDS = ['complaint', 'unsubscribed', 'manual', 'hard_bounce', 'soft_bounce'] as const; // gravest first

/** Who of the recipients asked for no mail or cannot be reached. It still goes out: a person writes it. */
export function StandingNote({ recipients }: { recipients: Address[] }) {
  const { t } = useTranslation();
  const email = recipients.map((one) => one.email).filter(Boolean).join(',');
  const { data } = useQuery({
    queryKey: ['suppression', 'of', email], enabled: !!email, placeholderData: keepPreviousData, retry: false,
    queryFn: ({ signal }) => get('/suppression/of/', { query: { email }, signal }),
  });
  const named = new Set(email.toLowerCase().split(','));
  const found = (data?.data ?? []).filter((one) => named.has(one.email.toLowerCase()));
  const worst = [...new Set(found.map((one) => one.email))].map((address) => ({ address, kind: KINDS.find((kind) => found.some((one) => one.email === address && one.kind === kind)) ?? 'manual' }));
  if (!worst.length) return null;
  return <div className={classes.standing} role="note">{worst.map(({ address, kind }) => <div key={address}>{t(`suppression.writing.${kind}`, { email: address })}</div>)}</div>;
}
