import { del, post, put } from '#/shared/api/client';
import type { Account, AccountWrite } from '#/shared/api/types';

const at = (accountId: string) => ({ account_id: accountId });

export const changeAccount = (accountId: string, change: AccountWrite) => put('/connected_account/{account_id}/', { at: at(accountId), body: change }) as Promise<Account>;
export const removeAccount = (accountId: string) => del('/connected_account/{account_id}/', { at: at(accountId) });
export const syncNow = (accountId: string) => post('/connected_account/{account_id}/sync/', { at: at(accountId) });
export const changeFolder = (accountId: string, folderId: string, isSynced: boolean) =>
  put('/connected_account/{account_id}/folders/{folder_id}/', { at: { account_id: accountId, folder_id: folderId }, body: { is_synced: isSynced } });
