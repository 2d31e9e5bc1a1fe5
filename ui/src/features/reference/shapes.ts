/** What a value of the API looks like, in words and as fields one can open. Pure. */
import type { ApiDocument, Schema } from './document';

/** One named value; `inner` is what it is made of, where it is an object or a list of objects. */
export type Field = { name: string; type: string; isRequired: boolean; description: string; inner: Schema | null };
export type Named = (schema: Schema | null) => Schema | null;

/** Follows a reference to the place where the shape is described. */
export const namedIn = (document: ApiDocument): Named => (schema) => {
  const name = schema?.$ref?.split('/').at(-1);
  return name ? document.components?.schemas?.[name] ?? null : schema;
};

/** The shape without the choice of being null. */
export function solid(schema: Schema, named: Named): { schema: Schema; isNullable: boolean } {
  const shape = named(schema) ?? schema;
  const choices = shape.oneOf ?? shape.anyOf;
  if (!choices) return { schema: shape, isNullable: false };
  const real = choices.filter(({ type }) => type !== 'null');
  const isNullable = real.length < choices.length;
  return real.length === 1 ? { schema: { ...named(real[0]!), ...(shape.maxLength ? { maxLength: shape.maxLength } : {}) }, isNullable } : { schema: { ...shape, oneOf: real }, isNullable };
}

export function typeOf(given: Schema, named: Named): string {
  const { schema, isNullable } = solid(given, named);
  return plainType(schema, named) + (isNullable ? ' | null' : '');
}

function plainType(schema: Schema, named: Named): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(' | ');
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return [...new Set(choices.map((one) => typeOf(one, named)))].join(' | ');
  if (schema.type === 'array') return `${schema.items && Object.keys(schema.items).length ? typeOf(schema.items, named) : 'any'}[]`;
  if (Array.isArray(schema.type)) return schema.type.join(' | ');
  if (schema.format === 'date-time' || schema.format === 'date') return schema.format;
  return schema.type ?? 'any';
}

/** The fields of an object, or of the objects in a list. */
export function fieldsOf(given: Schema | null, named: Named): Field[] {
  const shape = given && objectIn(given, named);
  return Object.entries(shape?.properties ?? {}).map(([name, schema]) => ({
    name, type: typeOf(schema, named), isRequired: shape?.required?.includes(name) ?? false, description: schema.description ?? '',
    inner: objectIn(schema, named)?.properties ? schema : null,
  }));
}

function objectIn(given: Schema, named: Named): Schema | null {
  const { schema } = solid(given, named);
  if (schema.type === 'array' && schema.items) return objectIn(schema.items, named);
  return schema.properties ? schema : null;
}
