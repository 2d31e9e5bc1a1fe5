import { useTranslation } from 'react-i18next';
import type { LeadImport } from '#/shared/api/types';
import { Panel } from '#/shared/parts/Page';
import { count } from '#/shared/time/format';
import { outcomes } from './steps';
import classes from './import.module.css';

/** How many rows came out how. */
export function Tally({ title, one }: { title: string; one: LeadImport }) {
  const { t } = useTranslation();
  return (
    <Panel title={title}>
      <dl className={classes.tally}>
        {outcomes(one).map(([name, number]) => (
          <div key={name} data-outcome={name}><dt>{t(`imports.outcome.${name}`)}</dt><dd>{count(number)}</dd></div>
        ))}
      </dl>
    </Panel>
  );
}
