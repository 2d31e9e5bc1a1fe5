import { del, post, put } from '#/shared/api/client';
import type { Account, AccountWrite, FolderStatus } from '#/shared/api/types';

export const changeAccount = (accountId: string, change: AccountWrite) => put<Account>(`/connected_account/${accountId}/`, change);
export const removeAccount = (accountId: string) => del(`/connected_account/${accountId}/`);
export const syncNow = (accountId: string) => post(`/connected_account/${accountId}/sync/`);
export const changeFolder = (accountId: string, folderId: FolderStatus['id'], isSynced: boolean) =>
  put(`/connected_account/${accountId}/folders/${folderId}/`, { is_synced: isSynced });
