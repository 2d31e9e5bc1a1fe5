import { del, post, put } from '#/shared/api/client';
import type { CustomField, FieldType, Pipeline } from '#/shared/api/types';
import type { FieldPlace } from '#/shared/requests/setup';

export const addStatus = (label: string) => post('/status/lead/', { body: { label } });
export const renameStatus = (id: string, label: string) => put('/status/lead/{status_id}/', { at: { status_id: id }, body: { label } });
export const deleteStatus = (id: string) => del('/status/lead/{status_id}/', { at: { status_id: id } });
export const orderStatuses = (ids: string[]) => put('/status/lead/', { body: { ids } });

export type Stage = { id?: string; label: string; type: string };
export const addPipeline = (name: string) => post('/pipeline/', { body: { name, statuses: [{ label: 'Active', type: 'active' }, { label: 'Won', type: 'won' }, { label: 'Lost', type: 'lost' }] } });
export const changePipeline = (pipeline: Pipeline, change: { name?: string; statuses?: Stage[] }) => put('/pipeline/{pipeline_id}/', { at: { pipeline_id: pipeline.id }, body: change });
export const deletePipeline = (id: string) => del('/pipeline/{pipeline_id}/', { at: { pipeline_id: id } });

const THINGS: FieldPlace[] = ['lead', 'contact', 'opportunity'];
/** How the address of a field says where it stands: those of activities and shared ones have words of their own. */
export const standsOn = (place: FieldPlace, isShared: boolean) => (isShared ? 'shared' : THINGS.includes(place) ? place : 'activity');
const associationOf = (place: FieldPlace) => (THINGS.includes(place) ? { object_type: place } : { object_type: 'custom_activity_type', custom_activity_type_id: place });

export type FieldWrite = { name: string; description: string; type?: FieldType; choices?: string[]; accepts_multiple_values: boolean; required: boolean; editable_with_roles: string[] };

/** A field that stands on several things is a shared one: made first, then put on each. */
export async function addField(place: FieldPlace, also: FieldPlace[], { required, editable_with_roles, ...written }: FieldWrite): Promise<void> {
  const rules = { required, editable_with_roles };
  if (!also.length) {
    await post('/custom_field/{stands_on}/', { at: { stands_on: standsOn(place, false) }, body: { ...written, ...rules, ...(THINGS.includes(place) ? {} : { custom_activity_type_id: place }) } });
    return;
  }
  const { id } = await post('/custom_field/{stands_on}/', { at: { stands_on: 'shared' }, body: written });
  for (const each of [place, ...also]) await associate(id, each, rules);
}

const associate = (id: string, place: FieldPlace, rules: { required: boolean; editable_with_roles: string[] }) =>
  post('/custom_field/{stands_on}/{field_id}/association/', { at: { stands_on: 'shared', field_id: id }, body: { ...associationOf(place), ...rules } });

export async function changeField(place: FieldPlace, field: CustomField, written: FieldWrite): Promise<void> {
  const { required, editable_with_roles, ...said } = written;
  const at = { stands_on: standsOn(place, field.is_shared), field_id: field.id };
  await put('/custom_field/{stands_on}/{field_id}/', { at, body: field.is_shared ? said : written });
  if (field.is_shared) await put('/custom_field/{stands_on}/{field_id}/association/{place}/', { at: { ...at, place }, body: { required, editable_with_roles } });
}

/** A shared field is taken off this place; it goes when it stood nowhere else. */
export async function deleteField(place: FieldPlace, field: CustomField): Promise<void> {
  const at = { stands_on: standsOn(place, field.is_shared), field_id: field.id };
  if (field.is_shared && field.associations.length > 1) await del('/custom_field/{stands_on}/{field_id}/association/{place}/', { at: { ...at, place } });
  else await del('/custom_field/{stands_on}/{field_id}/', { at });
}
export const orderFields = (place: FieldPlace, ids: string[]) => put('/custom_field_schema/{thing}/', { at: { thing: place }, body: { fields: ids.map((id) => ({ id })) } });

export type TypeWrite = { name?: string; description?: string; is_archived?: boolean; api_create_only?: boolean; editable_with_roles?: string[] };
export const addType = (name: string) => post('/custom_activity/', { body: { name } });
export const changeType = (id: string, written: TypeWrite) => put('/custom_activity/{type_id}/', { at: { type_id: id }, body: written });
export const deleteType = (id: string) => del('/custom_activity/{type_id}/', { at: { type_id: id } });

/** The list with one item a place further up. */
export function movedUp<T>(items: T[], index: number): T[] {
  if (index < 1) return items;
  const moved = [...items];
  [moved[index - 1], moved[index]] = [moved[index]!, moved[index - 1]!];
  return moved;
}

export type LinkWrite = { name: string; type: string; url: string };
export const saveLink = (id: string | undefined, written: LinkWrite) => (id ? put('/integration_link/{link_id}/', { at: { link_id: id }, body: written }) : post('/integration_link/', { body: written }));
export const deleteLink = (id: string) => del('/integration_link/{link_id}/', { at: { link_id: id } });
