import { useTranslation } from 'react-i18next';
import type { BulkEmail } from '#/shared/api/types';
import { toneOf } from './standing';
import classes from './bulk.module.css';

/** Where a bulk email stands, in a word. */
export function StandingMark({ batch }: { batch: BulkEmail }) {
  const { t } = useTranslation();
  return <span className={classes.standing} data-tone={toneOf(batch)}>{t(`bulk.status.${batch.status}`)}</span>;
}
