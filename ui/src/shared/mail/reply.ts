/** What an answer starts with: recipients, subject and the quoted text. Pure; the texts come in from the caller. */
import type { Account, Email } from '#/shared/api/types';
import { parseAddress, printAddress, sameAddress, type Address } from './addresses';
import type { Writing } from './composing';
import { withPlaces } from './pictures';

const REPLY_MARK = /^\s*(re|aw|antw|sv|vs|ref)\s*(\[\d+\])?\s*:\s*/i;
const FORWARD_MARK = /^\s*(fwd?|wg|tr|rv|vs)\s*:\s*/i;

export const replySubject = (subject: string) => (REPLY_MARK.test(subject) ? subject : `Re: ${subject}`);
export const forwardSubject = (subject: string) => (FORWARD_MARK.test(subject) ? subject : `Fwd: ${subject}`);

const addressesOf = (account: Account) => [account.email, ...account.identities.map(({ email }) => email)];
const isOwn = (accounts: Account[], email: string) => accounts.some((account) => addressesOf(account).some((own) => sameAddress(own, email)));
const people = (texts: string[]) => texts.map(parseAddress);

function unique(list: Address[], except: Address[] = []): Address[] {
  const seen = new Set(except.map(({ email }) => email.toLowerCase()));
  return list.filter(({ email }) => email && !seen.has(email.toLowerCase()) && seen.add(email.toLowerCase()));
}

/** Where answers are wanted: what the sender says (RFC 5322, 3.6.2), else the sender. */
function answersGoTo(email: Email): Address[] {
  const asked = (email.envelope?.reply_to ?? []).map(({ email: address, name }) => ({ email: address, name }));
  return asked.length ? asked : email.sender ? [parseAddress(email.sender)] : [];
}

/** The account and identity that the answered email came to; null when it came to none of ours. */
function answeringFrom(email: Email, accounts: Account[]): { accountId: string | null; from: Address | null } {
  const seen = people([...email.to, ...email.cc, ...email.bcc, ...(email.sender ? [email.sender] : [])]);
  for (const account of accounts.filter((each) => each.send_enabled)) {
    const identity = [{ email: account.email, name: account.display_name }, ...account.identities]
      .find((own) => seen.some((address) => sameAddress(address.email, own.email)));
    if (identity) return { accountId: account.id, from: { email: identity.email, name: identity.name || account.display_name } };
  }
  return { accountId: null, from: null };
}

export function replyTo(email: Email, accounts: Account[], quotedHtml: string): Partial<Writing> {
  const sender = email.sender ? [parseAddress(email.sender)] : [];
  // Answering one's own email goes on to the same people.
  const isOurs = email.direction === 'outgoing' || sender.some((address) => isOwn(accounts, address.email));
  return {
    ...answeringFrom(email, accounts),
    leadId: email.lead_id, to: unique(isOurs ? people(email.to) : answersGoTo(email)), subject: replySubject(email.subject ?? ''),
    inReplyToId: email.id, quoted: { emailId: email.id, html: quotedHtml, kind: 'reply' }, attachments: email.attachments.filter((file) => file.inline_only && file.content_id),
  };
}

export function replyAllTo(email: Email, accounts: Account[], quotedHtml: string): Partial<Writing> {
  const single = replyTo(email, accounts, quotedHtml);
  const to = single.to ?? [];
  const others = people([...email.to, ...email.cc]).filter((address) => !isOwn(accounts, address.email));
  return { ...single, cc: unique(others, to) };
}

export function forwardOf(email: Email, accounts: Account[], quotedHtml: string): Partial<Writing> {
  return {
    ...answeringFrom(email, accounts),
    leadId: email.lead_id, subject: forwardSubject(email.subject ?? ''), attachments: email.attachments.filter((file) => !file.inline_only || file.content_id),
    quoted: { emailId: email.id, html: quotedHtml, kind: 'forward' },
  };
}

const escape = (text: string) => text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]!);

/** The part of an HTML email that can stand inside another; text becomes paragraphs. */
export function innerHtml(email: Pick<Email, 'body_html' | 'body_text'>): string {
  const html = email.body_html ?? '';
  if (!html.trim()) return escape(email.body_text ?? '').replace(/\r?\n/g, '<br>');
  const body = /<body[^>]*>([\s\S]*?)(<\/body>|$)/i.exec(html)?.[1] ?? html;
  return body.replace(/<(script|style|head|title)\b[\s\S]*?<\/\1\s*>/gi, '').replace(/<!doctype[^>]*>|<\/?(html|head|meta|link|base)\b[^>]*>/gi, '');
}

/** Marks where our text ends, so an opened draft can be told apart from what it quotes. */
const QUOTE_OPEN = '<div class="postroom_quote">';
const QUOTE_STYLE = 'margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex';

export function quoteOf(email: Email, introduction: string): string {
  return `${QUOTE_OPEN}<p>${escape(introduction)}</p><blockquote type="cite" style="${QUOTE_STYLE}">${innerHtml(email)}</blockquote></div>`;
}

export function forwardQuoteOf(email: Email, rows: [string, string][]): string {
  const head = rows.filter(([, value]) => value).map(([label, value]) => `${escape(label)}: ${escape(value)}`).join('<br>');
  return `${QUOTE_OPEN}<p>${head}</p>${innerHtml(email)}</div>`;
}

/** Where the server puts the signature of the sending account. */
export const SIGNATURE = '<div class="postroom_signature">{signature}</div>';

/** Of a conversation, as the server lists it (the newest first), the newest email that came or went. */
export const newestOut = <T extends { status: string }>(emails: readonly T[]): T | undefined => emails.find((email) => email.status !== 'draft');

/** A draft's beginning, as a person reads it. */
export const shownPreview = (preview: string | null) => (preview ?? '').replace(/\s*\{signature\}/g, '').trim();

export function splitQuote(html: string): { own: string; quote: string } {
  const at = html.indexOf(QUOTE_OPEN);
  return at < 0 ? { own: html, quote: '' } : { own: html.slice(0, at), quote: html.slice(at) };
}

/** A saved draft, opened again as it was left. */
export function writingOf(draft: Email): Partial<Writing> {
  const { own: signed, quote } = splitQuote(draft.body_html ?? '');
  const own = withPlaces(signed.replace(SIGNATURE, ''), draft.attachments);
  return {
    draftId: draft.id, leadId: draft.lead_id, accountId: draft.email_account_id ?? null, from: draft.sender ? parseAddress(draft.sender) : null,
    to: people(draft.to), cc: people(draft.cc), bcc: people(draft.bcc), subject: draft.subject ?? '', html: own || innerHtml({ body_html: '', body_text: draft.body_text ?? '' }),
    quoted: quote ? { emailId: draft.in_reply_to_id ?? '', html: quote, kind: draft.in_reply_to_id ? 'reply' : 'forward' } : null,
    inReplyToId: draft.in_reply_to_id, attachments: draft.attachments, isSigned: signed.includes(SIGNATURE), followUpAt: draft.followup_date, templateId: draft.template_id,
    tracksOpens: draft.track_opens, tracksClicks: draft.track_clicks,
  };
}

export const printAll = (list: Address[]) => list.map(printAddress);
