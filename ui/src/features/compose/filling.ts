/** What the variables of an email become for its recipient. The server fills them in; what is quoted is never filled. */
import { get, post } from '#/shared/api/client';
import type { ChipValues } from '#/shared/editor/useMarkedChips';
import { isSignature, tokensIn, tokensInHtml } from '#/shared/editor/tokens';
import { sameAddress } from '#/shared/mail/addresses';
import type { Writing } from '#/shared/mail/composing';

/** What a token is filled in for. */
export type Reader = { leadId: string | null; contactId: string | null; accountId: string | null; sender: string };
export type Gap = { token: string; problem: 'empty' | 'unknown' };
export type Filled = { subject: string; html: string; gaps: Gap[] };

export const tokensOf = ({ html, subject }: Pick<Writing, 'html' | 'subject'>) => [...new Set([...tokensInHtml(html), ...tokensIn(subject)])].filter((token) => !isSignature(token));

/** The contact of this lead that the email goes to first. */
export async function readerOf(writing: Writing, leadId: string | null): Promise<Reader> {
  const reader = { leadId, contactId: null, accountId: writing.accountId, sender: writing.from?.email ?? '' };
  if (!leadId) return reader;
  const { contacts } = await get('/lead/{lead_id}/', { at: { lead_id: leadId } });
  const everyone = [...writing.to, ...writing.cc];
  const contact = everyone.map(({ email }) => contacts.find((each) => each.emails.some((own) => sameAddress(own.email, email)))).find(Boolean);
  return { ...reader, contactId: contact?.id ?? null };
}

const render = (reader: Reader, text: { subject: string; body: string }) => post('/email_template/render/', {
  body: { ...text, lead_id: reader.leadId, contact_id: reader.contactId, email_account_id: reader.accountId, sender: reader.sender || null },
});

const HELD = 'postroom-signature-place'; // the server puts the signature in when the email leaves, with its pictures

/** The email's own words, filled in. */
export async function fill(writing: Pick<Writing, 'html' | 'subject'>, reader: Reader): Promise<Filled> {
  if (!tokensOf(writing).length) return { subject: writing.subject, html: writing.html, gaps: [] };
  const signatures = tokensInHtml(writing.html).filter(isSignature);
  const held = signatures.reduce((html, token) => html.replaceAll(token, HELD), writing.html);
  const { subject, body, missing } = await render(reader, { subject: writing.subject, body: held });
  return { subject, html: body.replaceAll(HELD, '{signature}'), gaps: gapsIn(missing) };
}

/** What each token becomes, for showing. */
export async function valuesOf(tokens: string[], reader: Reader): Promise<ChipValues> {
  if (!tokens.length) return new Map();
  const body = tokens.map((token) => `<p>${escaped(token)}</p>`).join('');
  const answer = await render(reader, { subject: '', body });
  const shown = [...new DOMParser().parseFromString(answer.body, 'text/html').querySelectorAll('p')].map((line) => line.textContent ?? '');
  const gaps = new Map(gapsIn(answer.missing).map(({ token, problem }) => [token, problem]));
  return new Map(tokens.map((token, index) => {
    const problem = gaps.get(token) ?? null;
    return [token, { text: problem === 'unknown' ? '' : shown[index] ?? '', problem }];
  }));
}

const gapsIn = (missing: { tag: string; reason: string }[]): Gap[] =>
  [...new Map(missing.map(({ tag, reason }) => [unescaped(tag), { token: unescaped(tag), problem: reason === 'unknown' ? 'unknown' as const : 'empty' as const }])).values()];
const escaped = (text: string) => text.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign]!);
const unescaped = (tag: string) => new DOMParser().parseFromString(tag, 'text/html').body.textContent?.replaceAll('\u00a0', ' ') ?? tag;
