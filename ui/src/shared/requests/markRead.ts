import { post } from '#/shared/api/client';

export const markThreadRead = (threadId: string, isRead: boolean) => post(`/activity/emailthread/${threadId}/read/`, { is_read: isRead });
