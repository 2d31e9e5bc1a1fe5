import { post } from '#/shared/api/client';

export const markThreadRead = (threadId: string, isRead: boolean) => 
  post('/activity/emailthread/{thread_id}/read/', { at: { thread_id: threadId }, body: { is_read: isRead } });
