import { del, post, put } from '#/shared/api/client';
import type { Email, EmailWrite } from '#/shared/api/types';

export const createEmail = (content: EmailWrite) => post<Email>('/activity/email/', content);
export const changeEmail = (emailId: string, content: EmailWrite) => put<Email>(`/activity/email/${emailId}/`, content);
export const deleteEmail = (emailId: string) => del(`/activity/email/${emailId}/`);
