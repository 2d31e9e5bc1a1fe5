import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldsOf, type Field, type Named } from './shapes';
import classes from './reference.module.css';

/** Names with what they hold; what is made of several opens on demand, however deep it goes. */
export function FieldTree({ fields, named, isAnswer }: { fields: Field[]; named: Named; /** What is answered is there in any case. */ isAnswer?: true | undefined }) {
  return <ul className={classes.fields}>{fields.map((field) => <FieldLine key={field.name} field={field} named={named} isAnswer={isAnswer} />)}</ul>;
}

function FieldLine({ field: { name, type, isRequired, description, inner }, named, isAnswer }: { field: Field; named: Named; isAnswer: true | undefined }) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <li>
      <div className={classes.field}>
        <code className={classes.name}>{name}</code>
        <span className={classes.type}>{type}{isRequired && !isAnswer && <em>{t('reference.required')}</em>}</span>
        <span className={classes.meaning}><Marked text={description} />{inner && <button type="button" className={classes.more} aria-expanded={isOpen} aria-label={`${t(isOpen ? 'reference.less' : 'reference.more')}: ${name}`} onClick={() => setIsOpen(!isOpen)}>{t(isOpen ? 'reference.less' : 'reference.more')}</button>}</span>
      </div>
      {inner && isOpen && <FieldTree fields={fieldsOf(inner, named)} named={named} isAnswer={isAnswer} />}
    </li>
  );
}

/** Text in which names stand between backticks. */
export function Marked({ text }: { text: string }) {
  return text.split('`').map((piece, at) => (at % 2 ? <code key={at} className={classes.inline}>{piece}</code> : piece));
}
