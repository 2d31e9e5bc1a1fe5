import { useTranslation } from 'react-i18next';
import type { CustomField } from '#/shared/api/types';
import type { Named } from './FieldInputs';
import classes from './fieldValues.module.css';
import { shownValue } from './fieldValues';
import { useFieldNames } from './useFieldNames';

type Props = { holder: object; fields: CustomField[]; contacts: Named[]; only?: 'filled' };

/** The custom values of a thing by the names of their fields; `only="filled"` leaves out what is empty. */
export function FieldValues({ holder, fields, contacts, only }: Props) {
  const { t } = useTranslation();
  const names = useFieldNames(contacts);
  const rows = fields.map((field) => ({ field, text: shownValue(holder, field, names) })).filter((row) => !only || row.text);
  if (!rows.length) return null;
  return <dl className={classes.values} data-close={only}>{rows.map(({ field, text }) => <div key={field.id}><dt>{field.name}</dt><dd>{text || t('records.values.empty')}</dd></div>)}</dl>;
}
