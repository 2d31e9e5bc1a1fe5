/** Custom values between the server and the page: what is shown, what is typed, and what of it is new. */
import type { CustomField, CustomValues } from '#/shared/api/types';

export type Draft = Record<string, string[]>;

export const keyOf = (field: CustomField) => `custom.${field.id}` as const;

const listOf = (value: unknown): string[] => (value === undefined || value === null ? [] : (Array.isArray(value) ? value : [value]).map(String));

/** What a person would type for each field. A date-time loses its zone, which the field of the browser does not know. */
export function draftOf(holder: object, fields: CustomField[]): Draft {
  const values = holder as CustomValues;
  return Object.fromEntries(fields.map((field) => {
    const texts = listOf(values[keyOf(field)]);
    return [field.id, field.type === 'datetime' ? texts.map((text) => text.slice(0, 16)) : texts];
  }));
}

/** The fields that differ from before, as the server takes them; null clears. */
export function changedValues(before: Draft, after: Draft, fields: CustomField[]): CustomValues {
  const changed: CustomValues = {};
  for (const field of fields) {
    const texts = (after[field.id] ?? []).map((text) => text.trim()).filter(Boolean);
    if (texts.join('\n') === (before[field.id] ?? []).join('\n')) continue;
    changed[keyOf(field)] = !texts.length ? null : field.accepts_multiple_values ? texts : texts[0];
  }
  return changed;
}

export type Names = { user: (id: string) => string; contact: (id: string) => string; date: (iso: string) => string };

/** A value as people read it; "" where there is none. */
export function shownValue(holder: object, field: CustomField, names: Names): string {
  const read = { user: names.user, contact: names.contact, date: names.date, datetime: names.date }[field.type as 'user'] ?? ((text: string) => text);
  return listOf((holder as CustomValues)[keyOf(field)]).map(read).join(', ');
}

/** Whether a person with this role may write the field: nobody is left out where no roles are named, admins never. */
export const mayWrite = (field: CustomField, who: { role_id: string; permissions: string[] }) =>
  !field.editable_with_roles.length || field.editable_with_roles.includes(who.role_id) || who.permissions.includes('manage_organization');
