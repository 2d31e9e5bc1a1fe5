import { post } from '#/shared/api/client';
import type { Account, AccountWrite, ServerWrite } from '#/shared/api/types';

export type Trial = { email: string; provider: string; imap: ServerWrite | null; smtp: ServerWrite | null };
export const testConnection = (trial: Trial) => post('/connected_account/test/', { body: trial });
export const createAccount = (account: AccountWrite) => post('/connected_account/', { body: account }) as Promise<Account>;
