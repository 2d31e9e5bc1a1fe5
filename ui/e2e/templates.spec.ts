import type { Page } from '@playwright/test';
import { dock, editor, expect, expectAccessible, inboxItem, signIn, test } from './support';

const HEADERS = { 'X-Postroom': '1' };

/** Nobody hurries: how long Undo is offered, and this browser knows it. */
async function undoFor(page: Page, seconds: 5 | 59): Promise<void> {
  await page.request.put('/api/v1/preferences/', { data: { undo_seconds: seconds }, headers: HEADERS });
}
/** What the server keeps has come to this browser. */
const expectUndoFor = (page: Page, seconds: 5 | 59) => expect.poll(() => page.evaluate(() => localStorage.getItem('postroom-preferences') ?? '')).toContain(`"undoSeconds":${seconds}`);

test.beforeEach(async ({ page }) => { await signIn(page); });
test.afterEach(async ({ page }) => {
  await page.request.put('/api/v1/preferences/', { data: { undo_seconds: null }, headers: HEADERS });
  await page.request.put('/api/v1/signature/', { data: { html: '' }, headers: HEADERS });
});

test('a template is written with variables, previewed, and used in an answer with its values', async ({ page }) => {
  const { data: templates } = await (await page.request.get('/api/v1/email_template/')).json() as { data: { id: string; name: string }[] };
  for (const { id, name } of templates) if (name === 'A greeting') await page.request.delete(`/api/v1/email_template/${id}/`, { headers: HEADERS }); // of a try that failed
  await undoFor(page, 59);
  await page.goto('/templates/new');
  await page.getByLabel('Name').fill('A greeting');
  await page.getByRole('textbox', { name: 'Message' }).click();
  await page.keyboard.type('Good day {first');
  await page.getByRole('option', { name: /First name of the contact/ }).click();
  await page.keyboard.type(', thank you. ');
  await expect(page.getByText('Every variable has a value for this contact')).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Control+s');
  await expect(page).toHaveURL(/templates\/tmpl_/);
  await expect(page.getByRole('button', { name: 'Saved' })).toBeVisible();
  const id = new URL(page.url()).pathname.split('/').pop()!;
  const kept = await (await page.request.get(`/api/v1/email_template/${id}/`)).json() as { body: string };
  expect(kept.body).toBe('<p>Good day {{ contact.first_name }}, thank you. </p>'); // plain tokens, as other clients write them

  const item = await inboxItem(page.request);
  await page.goto(`/mail/inbox?t=${item.id}`);
  await expect(page.getByRole('button', { name: 'Done', exact: true })).toBeVisible();
  await expectUndoFor(page, 59);
  await page.keyboard.press('r');
  await expect(editor(page)).toBeFocused();
  await page.keyboard.press('Control+;');
  await page.keyboard.type('greet');
  await page.keyboard.press('Enter');
  await expect(editor(page).locator('[data-variable]')).toHaveText('contact first name');
  await expect(editor(page).locator('[data-variable]')).toHaveAttribute('title', /→ \w+/);
  const queued = page.waitForResponse((answer) => /activity\/email\//.test(answer.url()) && /"outbox"/.test(answer.request().postData() ?? ''));
  await page.keyboard.press('Control+Enter');
  const sent = await (await queued).json() as { id: string; body_html: string };
  expect(sent.body_html).toMatch(/Good day [^\s<{]+, thank you/);
  expect(sent.body_html).not.toContain('{');
  await expect(dock(page)).toHaveCount(0);
  await page.keyboard.press('z');
  await expect(editor(page).locator('[data-variable]')).toHaveCount(1); // the chip is back, not its value
  await dock(page).getByRole('button', { name: 'Discard' }).click();
  await page.request.delete(`/api/v1/email_template/${id}/`, { headers: HEADERS });
});

test('a variable that nobody knows stops the sending and is named', async ({ page }) => {
  const item = await inboxItem(page.request);
  await page.goto(`/mail/inbox?t=${item.id}`);
  await expect(page.getByRole('button', { name: 'Done', exact: true })).toBeVisible();
  await page.keyboard.press('r');
  await expect(editor(page)).toBeFocused();
  await dock(page).getByRole('button', { name: 'Edit the HTML' }).click();
  await dock(page).getByRole('textbox', { name: 'Message' }).fill('<p>Hello {{ contact.shoe_size }}</p>');
  await expect(dock(page).getByText('Nobody knows these variables: contact.shoe_size')).toBeVisible();
  await dock(page).getByRole('button', { name: 'Send', exact: true }).click();
  const asked = page.getByRole('dialog', { name: 'These variables do not exist' });
  await expect(asked.getByText('{{ contact.shoe_size }}')).toBeVisible();
  await expect(asked.getByRole('button', { name: 'Send' })).toHaveCount(0);
  await asked.getByRole('button', { name: 'Back to the email' }).click();
  await dock(page).getByRole('button', { name: 'Discard' }).click();
});

test('a signature with its variables is shown as it will stand, and goes out under an email', async ({ page }) => {
  await undoFor(page, 59);
  await page.request.put('/api/v1/signature/', { data: { html: '' }, headers: HEADERS }); // of a try that failed
  await page.goto('/settings/signature');
  const field = page.getByRole('textbox', { name: 'Signature' });
  await field.click();
  await page.keyboard.type('Yours, {user.first');
  await page.getByRole('option', { name: /Your first name/ }).click();
  await expect(page.getByTitle('Preview').contentFrame().getByText('Yours, Anna')).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Saved')).toBeVisible();

  const item = await inboxItem(page.request);
  await page.goto(`/mail/inbox?t=${item.id}`);
  await expect(page.getByRole('button', { name: 'Done', exact: true })).toBeVisible();
  await expectUndoFor(page, 59);
  await page.keyboard.press('r');
  await page.keyboard.type('Fine.');
  await expect(editor(page)).toContainText('Fine.');
  await expect(dock(page).getByTitle('Signature').contentFrame().getByText('Yours, Anna')).toBeVisible();
  const queued = page.waitForResponse((answer) => /activity\/email\//.test(answer.url()) && /"outbox"/.test(answer.request().postData() ?? ''));
  await page.keyboard.press('Control+Enter');
  expect((await (await queued).json() as { body_html: string }).body_html).toMatch(/Fine\.[\s\S]*Yours, Anna[\s\S]*postroom_quote/);
  await expect(dock(page)).toHaveCount(0);
  await page.keyboard.press('z');
  await dock(page).getByRole('button', { name: 'Discard' }).click();
});
