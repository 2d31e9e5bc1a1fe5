/** From what is being written to what the server takes, and what to ask before it leaves. Pure. */
import type { EmailWrite } from '#/shared/api/types';
import { isPlausible, printAddress } from '#/shared/mail/addresses';
import type { Writing } from '#/shared/mail/composing';
import { usedFiles, withContentIds } from '#/shared/mail/pictures';
import { printAll, SIGNATURE } from '#/shared/mail/reply';

export const isEmptyHtml = (html: string) => !html.replace(/<br\s*\/?>/g, '').replace(/<(p|div)>\s*<\/\1>/g, '').trim();
export const isUntouched = (writing: Writing) => isEmptyHtml(writing.html) && !writing.attachments.some((file) => !file.inline_only) && !(writing.subject && !writing.inReplyToId)
  && (writing.inReplyToId !== null || writing.quoted !== null || !writing.to.length);

export function contentOf(writing: Writing): EmailWrite {
  const own = withContentIds(writing.html, writing.attachments);
  return {
    ...(writing.leadId ? { lead_id: writing.leadId } : {}),
    ...(writing.from ? { sender: printAddress(writing.from) } : {}),
    to: printAll(writing.to), cc: printAll(writing.cc), bcc: printAll(writing.bcc), subject: writing.subject,
    body_html: own + (writing.isSigned ? SIGNATURE : '') + (writing.quoted?.html ?? ''), attachments: usedFiles(own + (writing.quoted?.html ?? ''), writing.attachments),
    email_account_id: writing.accountId, in_reply_to_id: writing.inReplyToId, followup_date: writing.followUpAt, template_id: writing.templateId,
    track_opens: writing.tracksOpens, track_clicks: writing.tracksClicks,
  };
}

export type Obstacle = 'noRecipient' | 'badAddress' | 'noSender' | 'stillUploading';
export function obstacleOf(writing: Writing, isUploading: boolean): Obstacle | null {
  const everyone = [...writing.to, ...writing.cc, ...writing.bcc];
  if (!everyone.length) return 'noRecipient';
  if (!everyone.every(({ email }) => isPlausible(email))) return 'badAddress';
  if (!writing.from) return 'noSender';
  return isUploading ? 'stillUploading' : null;
}

export type Doubt = 'noSubject' | 'noAttachment';
const SPEAKS_OF_FILE = /\b(attach(ed|ment|ing)|anbei|angehängt|im anhang|beigefügt)\b/i;
/** What is asked once before sending. Only our own words count, not what is quoted. */
export function doubtOf(writing: Writing): Doubt | null {
  if (!writing.subject.trim()) return 'noSubject';
  const text = `${writing.subject} ${writing.html.replace(/<[^>]+>/g, ' ')}`;
  return !writing.attachments.some((file) => !file.inline_only) && SPEAKS_OF_FILE.test(text) ? 'noAttachment' : null;
}
