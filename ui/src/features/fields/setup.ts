import { del, post, put } from '#/shared/api/client';
import type { FieldType, Pipeline } from '#/shared/api/types';
import type { FieldPlace } from '#/shared/requests/setup';

export const addStatus = (label: string) => post('/status/lead/', { body: { label } });
export const renameStatus = (id: string, label: string) => put('/status/lead/{status_id}/', { at: { status_id: id }, body: { label } });
export const deleteStatus = (id: string) => del('/status/lead/{status_id}/', { at: { status_id: id } });
export const orderStatuses = (ids: string[]) => put('/status/lead/', { body: { ids } });

export type Stage = { id?: string; label: string; type: string };
export const addPipeline = (name: string) => post('/pipeline/', { body: { name, statuses: [{ label: 'Active', type: 'active' }, { label: 'Won', type: 'won' }, { label: 'Lost', type: 'lost' }] } });
export const changePipeline = (pipeline: Pipeline, change: { name?: string; statuses?: Stage[] }) => put('/pipeline/{pipeline_id}/', { at: { pipeline_id: pipeline.id }, body: change });
export const deletePipeline = (id: string) => del('/pipeline/{pipeline_id}/', { at: { pipeline_id: id } });

export type FieldWrite = { name: string; type?: FieldType; choices?: string[]; accepts_multiple_values?: boolean };
export const addField = (place: FieldPlace, written: FieldWrite) => post('/custom_field/{stands_on}/', { at: { stands_on: place }, body: written });
export const changeField = (place: FieldPlace, id: string, written: FieldWrite) => put('/custom_field/{stands_on}/{field_id}/', { at: { stands_on: place, field_id: id }, body: written });
export const deleteField = (place: FieldPlace, id: string) => del('/custom_field/{stands_on}/{field_id}/', { at: { stands_on: place, field_id: id } });

/** The list with one item a place further up. */
export function movedUp<T>(items: T[], index: number): T[] {
  if (index < 1) return items;
  const moved = [...items];
  [moved[index - 1], moved[index]] = [moved[index]!, moved[index - 1]!];
  return moved;
}
