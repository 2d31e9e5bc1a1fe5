/** How an account is, in one word for syncing and one for sending. Pure. */
import type { Account } from '#/shared/api/types';
import type { Health } from '#/shared/parts/StatusDot';

export type AccountHealth = { health: Health; word: 'ok' | 'error' | 'off' | 'paused' };

function healthOf(isWanted: boolean, isActive: boolean, hasServer: boolean, status: string): AccountHealth {
  if (!isWanted || !hasServer) return { health: 'off', word: 'off' };
  if (!isActive) return { health: 'warn', word: 'paused' };
  return status === 'error' ? { health: 'bad', word: 'error' } : { health: 'good', word: 'ok' };
}
export const syncHealth = (account: Account) => healthOf(account.sync_enabled, account.is_active, account.imap !== null, account.receive_status);
export const sendHealth = (account: Account) => healthOf(account.send_enabled, account.is_active, account.smtp !== null, account.send_status);
