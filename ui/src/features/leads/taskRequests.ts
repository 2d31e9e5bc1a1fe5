import { del, post, put } from '#/shared/api/client';
import type { Lead } from '#/shared/api/types';

export type LeadTask = Lead['tasks'][number];
export type TaskWrite = { text: string; date: string; assigned_to: string };

export const addTask = (leadId: string, written: TaskWrite) => post('/task/', { body: { lead_id: leadId, ...written } });
export const changeTask = (id: string, change: Partial<TaskWrite> & { is_complete?: boolean }) => put('/task/{task_id}/', { at: { task_id: id }, body: change });
export const deleteTask = (id: string) => del('/task/{task_id}/', { at: { task_id: id } });
