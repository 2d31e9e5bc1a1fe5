/** Where the other one sits: told by the Date that their own email carries, and by nothing else; no zone is guessed. */
import { queryOptions } from '@tanstack/react-query';
import { get } from '#/shared/api/client';
import { parseAddress, sameAddress, shownName } from '#/shared/mail/addresses';
import type { Writing } from '#/shared/mail/composing';
import { offsetOf } from '#/shared/time/timeThere';
import { findLeadOf } from './leadOf';

export type TheirZone = { minutes: number; who: string };
type Heard = { id: string; sender: string | null; direction: string | null };
const LOOKED_THROUGH = 50;

/** Of emails, the newest first, the one that this person wrote last; without one asked for, whoever wrote last. */
export const lastHeard = (emails: readonly Heard[], address: string | undefined): Heard | undefined =>
  emails.find((email) => email.direction === 'incoming' && email.sender && (address === undefined || sameAddress(parseAddress(email.sender).email, address)));

/** The Date as it was written. The envelope has it in UTC, and one that was written again here never knew it. */
export function zoneIn({ source, headers }: { source: string; headers: { name: string; value: string }[] }): number | undefined {
  return source === 'rebuilt' ? undefined : offsetOf(headers.find(({ name }) => name.toLowerCase() === 'date')?.value);
}

/** Of an answer, whoever is answered; of a new email, its first recipient, by their last email to us. */
export const theirZoneQuery = ({ inReplyToId, leadId, to }: Pick<Writing, 'inReplyToId' | 'leadId' | 'to'>) => queryOptions({
  queryKey: ['theirZone', inReplyToId, leadId, to[0]?.email ?? ''],
  queryFn: async (): Promise<TheirZone | null> => {
    const heard = inReplyToId
      ? lastHeard([await get('/activity/email/{email_id}/', { at: { email_id: inReplyToId } })], undefined)
      : to[0] && lastHeard(await emailsWith(leadId ?? await findLeadOf([to[0]])), to[0].email);
    if (!heard?.sender) return null;
    const minutes = zoneIn(await get('/activity/email/{email_id}/original/', { at: { email_id: heard.id } }));
    return minutes === undefined ? null : { minutes, who: shownName(parseAddress(heard.sender)) };
  },
  enabled: inReplyToId !== null || to.length > 0, staleTime: 5 * 60_000, retry: false,
});

const emailsWith = async (leadId: string | null): Promise<Heard[]> =>
  (leadId ? (await get('/activity/email/', { query: { lead_id: leadId, _limit: LOOKED_THROUGH, _fields: 'id,sender,direction' } })).data : []);
