/** Requests about webhooks, and the kinds of events that one may be told of. */
import { queryOptions } from '@tanstack/react-query';
import { del, get, post, put } from '#/shared/api/client';
import type { Webhook } from '#/shared/api/types';

export const webhooksQuery = queryOptions({ queryKey: ['webhooks'], queryFn: async ({ signal }) => (await get('/webhook/', { signal })).data });

export type Kind = `${string} ${string}`;
export type Wish = { url: string; kinds: Kind[]; verifySsl: boolean };

export const createWebhook = ({ url, kinds, verifySsl }: Wish) => post('/webhook/', { body: { url, events: kinds.map(eventOf), verify_ssl: verifySsl } });
export const setStatus = (id: string, status: 'active' | 'paused') => put('/webhook/{webhook_id}/', { at: { webhook_id: id }, body: { status } });
export const deleteWebhook = (id: string) => del('/webhook/{webhook_id}/', { at: { webhook_id: id } });
export const testWebhook = (id: string) => post('/webhook/{webhook_id}/test/', { at: { webhook_id: id } });

const CHANGES = ['created', 'updated', 'deleted'] as const;
/** What stands in the choice, by what it is about; the API takes every other kind of event too. */
export const KINDS = {
  mail: ['activity.email created', 'activity.email sent', 'activity.email updated', 'activity.email deleted', 'task.incoming_email created', 'task.incoming_email updated', 'unsubscribed_email created', 'unsubscribed_email deleted'],
  leads: [...of('lead'), ...of('contact'), ...of('opportunity')],
  work: [...of('task.lead'), 'task.lead completed', ...of('activity.note'), ...of('activity.call'), 'activity.lead_status_change created', 'activity.opportunity_status_change created'],
} satisfies Record<string, Kind[]>;

function of(type: string): Kind[] {
  return CHANGES.map((action): Kind => `${type} ${action}`);
}

export function eventOf(kind: Kind): { object_type: string; action: string } {
  const [object_type = '', action = ''] = kind.split(' ');
  return { object_type, action };
}

export const kindOf = ({ object_type, action }: Webhook['events'][number]): Kind => `${object_type} ${action}`;

export type Health = 'paused' | 'failing' | 'healthy' | 'waiting';

/** How a webhook fares: nothing was to be told yet, it works, it fails for now, or it is not tried any more. */
export function healthOf({ status, health_status, date_delivered }: Webhook): Health {
  if (status === 'paused') return 'paused';
  if (health_status === 'failing') return 'failing';
  return date_delivered ? 'healthy' : 'waiting';
}

/** The server's newer dates have no zone; they are UTC. */
export const inUtc = (date: string) => (/(Z|[+-]\d\d:\d\d)$/.test(date) ? date : `${date}Z`);
