/** A conversation on another lead: at once, with the way back. */
import i18next from 'i18next';
import { post } from '#/shared/api/client';
import { queryClient } from '#/shared/api/queryClient';
import { notifyError } from '#/shared/parts/notify';
import { offerUndo } from '#/shared/parts/undo';

type Route = { threadId: string; from: string; to: string };

export async function moveThread(route: Route, leadName: string): Promise<void> {
  await put(route.threadId, route.to);
  offerUndo(i18next.t('move.done', { lead: leadName }), () => void putBack(route.threadId, route.from));
}

/** To where it stood. */
export const putBack = (threadId: string, leadId: string) => put(threadId, leadId).catch(notifyError);

async function put(threadId: string, leadId: string): Promise<void> {
  await post('/activity/emailthread/{thread_id}/move/', { at: { thread_id: threadId }, body: { lead_id: leadId } });
  for (const key of ['thread', 'timeline', 'lead', 'inbox', 'mail', 'email']) void queryClient.invalidateQueries({ queryKey: [key] });
}
