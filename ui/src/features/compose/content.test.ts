import { expect, test } from 'vitest';
import type { Email } from '#/shared/api/types';
import type { Writing } from '#/shared/mail/composing';
import { SIGNATURE, writingOf } from '#/shared/mail/reply';
import { contentOf, doubtOf, isUntouched, obstacleOf } from './content';

const writing = (change: Partial<Writing> = {}): Writing => ({
  draftId: null, leadId: 'lead_1', accountId: 'emailacct_1', from: { email: 'me@us.example', name: 'Me' }, to: [{ email: 'ann@x.example', name: 'Ann' }], cc: [], bcc: [],
  subject: 'Price', html: '<p>Hello</p>', quoted: null, inReplyToId: null, attachments: [], isSigned: false, followUpAt: null, templateId: null, tracksOpens: null, tracksClicks: null, ...change,
});

test('the quoted text goes below ours', () => {
  expect(contentOf(writing({ quoted: { emailId: 'a', html: '<div>old</div>', kind: 'reply' } })).body_html).toBe('<p>Hello</p><div>old</div>');
});

test('the signature stands below our text and above the quote, and its place is taken out again', () => {
  const html = contentOf(writing({ isSigned: true, quoted: { emailId: 'a', html: '<div class="postroom_quote">old</div>', kind: 'reply' } })).body_html!;
  expect(html).toBe(`<p>Hello</p>${SIGNATURE}<div class="postroom_quote">old</div>`);
  expect(writingOf({ id: 'acti_1', to: [], cc: [], bcc: [], attachments: [], body_html: html } as unknown as Email)).toMatchObject({ html: '<p>Hello</p>', isSigned: true });
});

test('names travel with addresses', () => {
  expect(contentOf(writing()).to).toEqual(['"Ann" <ann@x.example>']);
  expect(contentOf(writing()).sender).toBe('"Me" <me@us.example>');
});

test.each([
  [{ to: [] }, 'noRecipient'], [{ cc: [{ email: 'bob@', name: '' }] }, 'badAddress'], [{ from: null }, 'noSender'], [{}, null],
] as [Partial<Writing>, string | null][])('%o is held back: %s', (change, obstacle) => {
  expect(obstacleOf(writing(change), false)).toBe(obstacle);
});

test('an email is not sent while a file is on its way', () => {
  expect(obstacleOf(writing(), true)).toBe('stillUploading');
});

test('a missing subject and a missing file are asked about', () => {
  expect(doubtOf(writing({ subject: ' ' }))).toBe('noSubject');
  expect(doubtOf(writing({ html: '<p>The offer is attached.</p>' }))).toBe('noAttachment');
  expect(doubtOf(writing({ html: '<p>Anbei das Angebot</p>' }))).toBe('noAttachment');
  expect(doubtOf(writing({ quoted: { emailId: 'a', html: 'attached', kind: 'reply' } }))).toBeNull();
});

test('an answer that was only opened is not kept as a draft', () => {
  expect(isUntouched(writing({ html: '<p></p>', inReplyToId: 'acti_1' }))).toBe(true);
  expect(isUntouched(writing({ html: '<p>Yes</p>', inReplyToId: 'acti_1' }))).toBe(false);
  expect(isUntouched(writing({ html: '', subject: '', to: [] }))).toBe(true);
});
