import { expect, test } from 'vitest';
import type { Account, Email } from '#/shared/api/types';
import { forwardOf, innerHtml, newestOut, quoteOf, replyAllTo, replySubject, replyTo, splitQuote } from './reply';

const account = { id: 'emailacct_1', email: 'me@us.example', display_name: 'Me', identities: [{ email: 'alias@us.example', name: 'Alias' }], send_enabled: true } as Account;
const email = (change: Partial<Email> = {}) => ({
  id: 'acti_1', lead_id: 'lead_1', direction: 'incoming', sender: '"Ann" <ann@x.example>', to: ['alias@us.example', 'bob@x.example'], cc: ['Cy <cy@x.example>', 'ann@x.example'],
  bcc: [], subject: 'Price', attachments: [], body_html: '<p>Hello</p>', ...change,
}) as unknown as Email;
const emails = (list: { email: string }[] | undefined) => list?.map((address) => address.email);

test('what is answered is the newest email, not the oldest, and no draft', () => {
  expect(newestOut([{ id: 3, status: 'draft' }, { id: 2, status: 'sent' }, { id: 1, status: 'inbox' }])).toMatchObject({ id: 2 });
  expect(newestOut([{ status: 'draft' }])).toBeUndefined();
});

test('a reply goes to the sender, from the address that was written to', () => {
  const reply = replyTo(email(), [account], '');
  expect(emails(reply.to)).toEqual(['ann@x.example']);
  expect(reply.from).toEqual({ email: 'alias@us.example', name: 'Alias' });
  expect(reply.accountId).toBe('emailacct_1');
});

test('reply all leaves ourselves out and nobody twice', () => {
  expect(emails(replyAllTo(email(), [account], '').cc)).toEqual(['bob@x.example', 'cy@x.example']);
});

test('an answer goes where the sender wants it', () => {
  const asked = email({ envelope: { reply_to: [{ email: 'desk@x.example', name: 'Desk' }] } as Email['envelope'] });
  expect(replyTo(asked, [account], '').to).toEqual([{ email: 'desk@x.example', name: 'Desk' }]);
  expect(emails(replyAllTo(asked, [account], '').cc)).toEqual(['bob@x.example', 'cy@x.example', 'ann@x.example']);
});

test('answering our own email goes on to its recipients', () => {
  expect(emails(replyTo(email({ direction: 'outgoing', sender: 'me@us.example', to: ['ann@x.example'] }), [account], '').to)).toEqual(['ann@x.example']);
});

test('a forward takes the attachments but no recipients', () => {
  const file = { url: '/f', filename: 'a.pdf', size: 1, content_type: 'application/pdf', thumbnail_url: null, content_id: null, inline_only: false };
  const forward = forwardOf(email({ attachments: [file, { ...file, inline_only: true }] }), [account], '');
  expect(forward.to).toBeUndefined();
  expect(forward.attachments).toEqual([file]);
});

test.each([['Price', 'Re: Price'], ['Re: Price', 'Re: Price'], ['AW: Preis', 'AW: Preis']])('subject %s becomes %s', (from, to) => {
  expect(replySubject(from)).toBe(to);
});

test('only the body of a whole HTML document is quoted', () => {
  const html = '<!DOCTYPE html><html><head><style>p{color:red}</style></head><body class="x"><p>Hi</p><script>1</script></body></html>';
  expect(innerHtml({ body_html: html, body_text: '' })).toBe('<p>Hi</p>');
});

test('plain text is quoted without becoming HTML', () => {
  expect(innerHtml({ body_html: '', body_text: 'a < b\nc' })).toBe('a &lt; b<br>c');
});

test('a draft is split where the quoted text starts', () => {
  const quote = quoteOf(email(), 'On Monday Ann wrote:');
  expect(splitQuote(`<p>Mine</p>${quote}`)).toEqual({ own: '<p>Mine</p>', quote });
  expect(splitQuote('<p>Mine</p>').quote).toBe('');
});
