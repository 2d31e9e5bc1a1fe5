/** What stands out in the list of accounts. Pure. */
import type { AccountHealthRow } from '#/shared/api/types';

const LATE_SECONDS = 300; // a slice of history, or a server that asked for patience, is no lateness yet
export const isLate = (row: Pick<AccountHealthRow, 'delay_seconds'>) => (row.delay_seconds ?? 0) > LATE_SECONDS;
/** Percent of the provider's daily limit. */
export const budgetUsed = (row: Pick<AccountHealthRow, 'sent_last_day' | 'day_limit'>) => (row.day_limit ? Math.round((100 * row.sent_last_day) / row.day_limit) : 0);
