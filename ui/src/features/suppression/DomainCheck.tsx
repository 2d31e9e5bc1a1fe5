import { Button, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { SendingDomain } from '#/shared/api/types';
import { notifyError } from '#/shared/parts/notify';
import { StatusDot } from '#/shared/parts/StatusDot';
import { FindingRow } from './FindingRow';
import { SigningKeys } from './SigningKeys';
import { checkDomain, HEALTH, worstOf } from './suppression';
import classes from './suppression.module.css';

/** One domain: checked when asked, since DNS takes a moment. */
export function DomainCheck({ domain, isAdmin }: { domain: SendingDomain; isAdmin: boolean }) {
  const { t } = useTranslation();
  const check = useMutation({ mutationFn: () => checkDomain(domain.domain), onError: (problem) => notifyError(problem) });
  const findings = check.data?.data ?? [];
  const worst = worstOf(findings);
  return (
    <section className={classes.domain} aria-label={domain.domain}>
      <div className={classes.domainHead}>
        <div className={classes.who}>
          <Text component="h3" size="sm" fw={600} className={classes.address}>{domain.domain}</Text>
          <Text size="xs" c="var(--text-3)" truncate>{domain.addresses.join(', ')}</Text>
        </div>
        {worst && <StatusDot health={HEALTH[worst]}>{t(`suppression.state.${worst}`)}</StatusDot>}
        <Button size="xs" variant="default" loading={check.isPending} onClick={() => check.mutate()}>{t(check.data ? 'suppression.checkAgain' : 'suppression.check')}</Button>
      </div>
      <div aria-live="polite">{findings.length > 0 && <ul className={classes.findings}>{findings.map((finding) => <FindingRow key={`${finding.code} ${finding.record_name}`} finding={finding} domain={domain.domain} />)}</ul>}</div>
      {domain.is_public ? <Text size="xs" c="var(--text-3)">{t('suppression.publicDomain')}</Text> : isAdmin && <SigningKeys domain={domain} onChanged={() => { if (check.data) check.mutate(); }} />}
    </section>
  );
}
