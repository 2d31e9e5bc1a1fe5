/** Custom values between the server and the page: what is shown, what is typed, and what of it is new. */
import type { CustomField, CustomValues } from '#/shared/api/types';
import { momentAt, wallOf } from '#/shared/time/zone';

export type Draft = Record<string, string[]>;

export const keyOf = (field: CustomField) => `custom.${field.id}` as const;

const listOf = (value: unknown): string[] => (value === undefined || value === null ? [] : (Array.isArray(value) ? value : [value]).map(String));

/** "2026-05-01T12:00" where the reader's clock shows that, and back. What is no such thing is left to the server to refuse. */
const onWall = (iso: string) => (Number.isNaN(Date.parse(iso)) ? iso : wallOf(new Date(iso)).format('YYYY-MM-DDTHH:mm'));
const WALL = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}(?::\d{2})?)$/;
function momentOf(text: string): string {
  const [, day, time] = WALL.exec(text) ?? [];
  const at = day && time ? momentAt(day, time) : undefined;
  return at && !Number.isNaN(at.getTime()) ? at.toISOString() : text;
}

/** What a person would type for each field. A moment is typed as the reader's own clock shows it: the browser's field knows no zone. */
export function draftOf(holder: object, fields: CustomField[]): Draft {
  const values = holder as CustomValues;
  return Object.fromEntries(fields.map((field) => {
    const texts = listOf(values[keyOf(field)]);
    return [field.id, field.type === 'datetime' ? texts.map(onWall) : texts];
  }));
}

/** The fields that differ from before, as the server takes them; null clears. */
export function changedValues(before: Draft, after: Draft, fields: CustomField[]): CustomValues {
  const changed: CustomValues = {};
  for (const field of fields) {
    const texts = (after[field.id] ?? []).map((text) => text.trim()).filter(Boolean);
    if (texts.join('\n') === (before[field.id] ?? []).join('\n')) continue;
    const values = field.type === 'datetime' ? texts.map(momentOf) : texts;
    changed[keyOf(field)] = !values.length ? null : field.accepts_multiple_values ? values : values[0];
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
