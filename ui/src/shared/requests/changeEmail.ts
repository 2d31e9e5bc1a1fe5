import { del, post, put } from '#/shared/api/client';
import type { Email, EmailWrite } from '#/shared/api/types';

export const createEmail = (content: EmailWrite) => post('/activity/email/', { body: content }) as Promise<Email>;
export const changeEmail = (emailId: string, content: EmailWrite) => put('/activity/email/{email_id}/', { at: { email_id: emailId }, body: content }) as Promise<Email>;
export const deleteEmail = (emailId: string) => del('/activity/email/{email_id}/', { at: { email_id: emailId } });
