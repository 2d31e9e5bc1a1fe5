import type { InboxTask } from '#/shared/api/types';

/** An item of a shared mailbox stands in everybody's Inbox: what one does with it is done for all. */
export const isForEveryone = (task: Pick<InboxTask, 'assigned_to'>) => task.assigned_to === null;
