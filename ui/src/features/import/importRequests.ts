import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { del, get, post, put } from '#/shared/api/client';
import type { ImportChoices, LeadImport } from '#/shared/api/types';
import { uploadFile } from '#/shared/mail/uploadFile';
import { isAtWork } from './steps';

const ROWS = 50;
/** While the server works on it, so that progress is seen to move. */
const AGAIN_MS = 1000;

export const importsQuery = queryOptions({
  queryKey: ['imports'],
  queryFn: async ({ signal }) => (await get('/lead/import/', { query: { _limit: 50 }, signal })).data as LeadImport[],
});

export const importQuery = (importId: string) => queryOptions({
  queryKey: ['imports', importId],
  queryFn: async ({ signal }) => (await get('/lead/import/{import_id}/', { at: { import_id: importId }, signal })) as LeadImport,
  refetchInterval: ({ state }) => (state.data && isAtWork(state.data.status) ? AGAIN_MS : false),
});

export const failedRowsQuery = (importId: string) => infiniteQueryOptions({
  queryKey: ['importRows', importId],
  initialPageParam: 0,
  queryFn: ({ pageParam, signal }) => get('/lead/import/{import_id}/row/', { at: { import_id: importId }, query: { outcome: 'failed', _limit: ROWS, _skip: pageParam }, signal }),
  getNextPageParam: (last, pages) => (last.has_more ? pages.length * ROWS : undefined),
});

export async function bringFile(file: File, onProgress: (share: number) => void): Promise<LeadImport> {
  const uploaded = await uploadFile(file, onProgress);
  return (await post('/lead/import/', { body: { file: uploaded.url } })) as LeadImport;
}

const at = (importId: string) => ({ at: { import_id: importId } });
export const changeImport = async (importId: string, body: ImportChoices) => (await put('/lead/import/{import_id}/', { ...at(importId), body })) as LeadImport;
export const checkImport = async (importId: string) => (await post('/lead/import/{import_id}/check/', at(importId))) as LeadImport;
export const runImport = async (importId: string) => (await post('/lead/import/{import_id}/run/', at(importId))) as LeadImport;
export const undoImport = async (importId: string) => (await post('/lead/import/{import_id}/undo/', at(importId))) as LeadImport;
export const forgetImport = (importId: string) => del('/lead/import/{import_id}/', at(importId));
