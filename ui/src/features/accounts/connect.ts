import { post } from '#/shared/api/client';
import type { Account, AccountWrite, ConnectionTest, ServerWrite } from '#/shared/api/types';

export type Trial = { email: string; provider: string; imap: ServerWrite | null; smtp: ServerWrite | null };
export const testConnection = (trial: Trial) => post<ConnectionTest>('/connected_account/test/', trial);
export const createAccount = (account: AccountWrite) => post<Account>('/connected_account/', account);
