/** Who else is writing in a conversation: from the drafts that stand in it. Pure. */
import type { EmailSummary } from '#/shared/api/types';

export type OtherWriter = { userId: string; name: string; at: string; isNow: boolean };
const NOW_MS = 10 * 60_000; // a draft is saved a second after each pause: ten quiet minutes are no writing

/** One line for each other person, by their newest draft; the latest first. */
export function othersWriting(emails: Pick<EmailSummary, 'status' | 'user_id' | 'user_name' | 'date_updated'>[], me: string, now: number): OtherWriter[] {
  const newest = new Map<string, OtherWriter>();
  for (const { status, user_id: userId, user_name: name, date_updated: at } of emails) {
    if (status !== 'draft' || !userId || userId === me) continue;
    const known = newest.get(userId);
    if (!known || known.at < at) newest.set(userId, { userId, name: name ?? '', at, isNow: now - Date.parse(at) < NOW_MS });
  }
  return [...newest.values()].toSorted((a, b) => b.at.localeCompare(a.at));
}
