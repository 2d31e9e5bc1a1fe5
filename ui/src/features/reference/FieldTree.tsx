import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldsOf, type Field, type Named } from './shapes';
import classes from './reference.module.css';

/** Names with what they hold; what is made of several opens on demand, however deep it goes. */
export function FieldTree({ fields, named }: { fields: Field[]; named: Named }) {
  return <ul className={classes.fields}>{fields.map((field) => <FieldLine key={field.name} field={field} named={named} />)}</ul>;
}

function FieldLine({ field: { name, type, isRequired, description, inner }, named }: { field: Field; named: Named }) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <li>
      <div className={classes.field}>
        <code className={classes.name}>{name}</code>
        <span className={classes.type}>{type}{isRequired && <em>{t('reference.required')}</em>}</span>
        <span className={classes.meaning}>{description}{inner && <button type="button" className={classes.more} aria-expanded={isOpen} aria-label={`${t(isOpen ? 'reference.less' : 'reference.more')}: ${name}`} onClick={() => setIsOpen(!isOpen)}>{t(isOpen ? 'reference.less' : 'reference.more')}</button>}</span>
      </div>
      {inner && isOpen && <FieldTree fields={fieldsOf(inner, named)} named={named} />}
    </li>
  );
}
