import { Text } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Operation } from './document';
import { ExampleBox } from './ExampleBox';
import { FieldTree, Marked } from './FieldTree';
import { fieldsOf, typeOf, type Field, type Named } from './shapes';
import classes from './reference.module.css';

type Props = { operation: Operation; named: Named; isOpen: boolean; onOpen: () => void };

/** One request: a line until it is opened, then what it takes, answers, and an example. */
export function OperationCard({ operation, named, isOpen, onOpen }: Props) {
  const { method, path, description } = operation;
  const card = useRef<HTMLDivElement>(null);
  const isMeant = useRef(isOpen); // opened by its address; what a click opens is in sight already
  useEffect(() => { if (isMeant.current) card.current?.scrollIntoView?.({ block: 'nearest' }); }, []);
  return (
    <div className={classes.card} ref={card} data-open={isOpen || undefined}>
      <button type="button" className={classes.head} aria-expanded={isOpen} onClick={onOpen}>
        <IconChevronRight size={15} className={classes.arrow} aria-hidden />
        <span className={classes.method} data-method={method}>{method.toUpperCase()}</span>
        <code className={classes.path}>{path.replace('/api/v1', '')}</code>
        <span className={classes.said}><Marked text={description.split('\n')[0]!} /></span>
      </button>
      {isOpen && <Opened operation={operation} named={named} />}
    </div>
  );
}

function Opened({ operation, named }: Pick<Props, 'operation' | 'named'>) {
  const { t } = useTranslation();
  const { description, parameters, body, answer } = operation;
  const taken = (place: string) => parameters.filter((parameter) => parameter.in === place);
  const rest = description.split('\n').slice(1).join('\n').trim();
  return (
    <div className={classes.opened}>
      {rest && <Text size="sm" c="var(--text-2)" className={classes.description}><Marked text={rest} /></Text>}
      <ExampleBox operation={operation} />
      <Fields title={t('reference.places')} fields={taken('path').map((one) => asField(one, named))} named={named} />
      <Fields title={t('reference.query')} fields={taken('query').map((one) => asField(one, named))} named={named} />
      <Fields title={t('reference.body')} fields={fieldsOf(body, named)} named={named} />
      <Fields title={t('reference.answer', { status: answer.status })} hint={answer.schema ? `${answer.kind.replace('application/json', '')} ${answer.schema.properties || answer.schema.$ref ? '' : typeOf(answer.schema, named)}`.trim() : t('reference.noAnswer')} fields={fieldsOf(answer.schema, named)} isAnswer named={named} />
    </div>
  );
}

const asField = ({ name, description = '', required = false, schema }: Operation['parameters'][number], named: Named): Field => ({ name, type: schema ? typeOf(schema, named) : 'string', isRequired: required, description, inner: null });

type FieldsProps = { title: string; hint?: string; fields: Field[]; named: Named; isAnswer?: true };
function Fields({ title, hint, fields, named, isAnswer }: FieldsProps) {
  if (!fields.length && !isAnswer) return null;
  return (
    <section>
      <Text component="h3" size="sm" fw={600}>{title}{hint && <Text span size="xs" c="var(--text-3)" ml={8}>{hint}</Text>}</Text>
      {fields.length > 0 && <FieldTree fields={fields} named={named} isAnswer={isAnswer} />}
    </section>
  );
}
