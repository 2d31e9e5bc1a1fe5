import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import { dock, editor, expect, inboxItem, openInbox, row, signIn, test } from './support';

const HEADERS = { 'X-Postroom': '1' };

/** Nobody hurries: how long Undo is offered, and this browser knows it. */
async function undoFor(page: Page, seconds: 5 | 59): Promise<void> {
  await page.request.put('/api/v1/preferences/', { data: { undo_seconds: seconds }, headers: HEADERS });
}
/** What the server keeps has come to this browser. */
const expectUndoFor = (page: Page, seconds: 5 | 59) => expect.poll(() => page.evaluate(() => localStorage.getItem('postroom-preferences') ?? '')).toContain(`"undoSeconds":${seconds}`);

test.beforeEach(async ({ page }) => { await signIn(page); });
test.afterEach(async ({ page }) => { await page.request.put('/api/v1/preferences/', { data: { undo_seconds: null }, headers: HEADERS }); });

test('a reply closes at once, leaves after the undo time, and is answered into the timeline', async ({ page }) => {
  await undoFor(page, 5);
  const item = await inboxItem(page.request);
  const day = `Tuesday ${randomUUID().slice(0, 8)} suits us`; // an earlier try may stand in the same conversation
  await page.goto(`/mail/inbox?t=${item.id}`);
  await expect(page.getByRole('button', { name: 'Done', exact: true })).toBeVisible();
  await expectUndoFor(page, 5);
  await page.keyboard.press('r');
  await page.keyboard.type(`Hello, ${day}.`); // at once: what is typed before the editor is there must not be lost
  await expect(editor(page)).toContainText(`Hello, ${day}.`);
  const said = page.getByText(/Sending\. It leaves in \d+ seconds\./).waitFor(); // looked for before it is there: it goes with the undo time
  await page.keyboard.press('Control+Enter');
  await said;
  await expect(dock(page)).toHaveCount(0);
  await page.goto(`/leads/${item.lead_id}?thread=${item.object_id}`);
  const frames = page.locator('article iframe');
  const place = async () => {
    const counts = await Promise.all((await frames.all()).map((frame) => frame.contentFrame().getByText(day).count()));
    const at = counts.findIndex(Boolean);
    return at < 0 ? 'not there' : at === counts.length - 1 ? 'last' : 'followed';
  };
  await expect(async () => expect(await place()).not.toBe('not there')).toPass();
  // The customer of the sandbox answers: the page shows it below, without being asked.
  await expect(async () => expect(await place()).toBe('followed')).toPass();
});

test('undo opens the email again, and what is sent is what was written last', async ({ page }) => {
  await undoFor(page, 59);
  const item = await inboxItem(page.request);
  await page.goto(`/mail/inbox?t=${item.id}`);
  await expect(page.getByRole('button', { name: 'Done', exact: true })).toBeVisible();
  await expectUndoFor(page, 59);
  await page.keyboard.press('r');
  await page.keyboard.type('First thought.');
  await expect(editor(page)).toContainText('First thought.');
  const queued = page.waitForResponse((answer) => /activity\/email\//.test(answer.url()) && /"outbox"/.test(answer.request().postData() ?? ''));
  await page.keyboard.press('Control+Enter');
  await queued;
  await page.getByRole('button', { name: /^Undo/ }).click();
  await expect(editor(page)).toContainText('First thought.');
  await editor(page).fill('Second thought.');
  const { id } = await (await queued).json() as { id: string };
  await expect.poll(async () => (await (await page.request.get(`/api/v1/activity/email/${id}/`)).json() as { status: string; body_html: string })).toMatchObject({ status: 'draft', body_html: expect.stringContaining('Second thought.') });
  await dock(page).getByRole('button', { name: 'Discard' }).click();
  await expect.poll(async () => (await page.request.get(`/api/v1/activity/email/${id}/`)).status()).toBe(404);
});

test('a draft survives a reload, with recipients completed from contacts', async ({ page }) => {
  await page.goto('/leads');
  await expect(page.getByText('Helio Solar')).toBeVisible();
  await page.keyboard.press('c');
  await page.keyboard.type('paul');
  await page.getByRole('option', { name: /paul.ferrer@helio.example/ }).click();
  await dock(page).getByLabel('Subject').fill('Roof plan');
  await editor(page).click();
  await page.keyboard.type('Here is the plan.');
  await expect(dock(page).getByText(/^Saved/)).toBeVisible();
  await page.reload();
  const window = page.getByRole('dialog');
  await expect(window.getByLabel('Subject')).toHaveValue('Roof plan');
  await expect(window.getByRole('textbox', { name: 'Message' })).toContainText('Here is the plan.');
  await window.getByRole('button', { name: 'Discard' }).click();
  await expect(window).toHaveCount(0);
});

test('a bad address and a forgotten file are noticed before anything leaves', async ({ page }) => {
  await page.goto('/leads');
  await expect(page.getByText('Helio Solar')).toBeVisible();
  await page.keyboard.press('c');
  await dock(page).getByLabel('To', { exact: true }).fill('paul@');
  await dock(page).getByLabel('Subject').fill('Plan');
  await dock(page).getByRole('button', { name: 'Send', exact: true }).click();
  await expect(dock(page).getByRole('alert')).toContainText('not complete');
  await dock(page).getByLabel('Subject').press('Escape'); // on the button, the first Escape may go to its tooltip
  await expect(dock(page)).toHaveCount(0);
  // Nobody knows its lead yet: it waits among the drafts, in this browser.
  await page.goto('/mail/drafts');
  await page.getByRole('button', { name: 'Go on writing' }).click();
  await expect(dock(page).getByLabel('Subject')).toHaveValue('Plan');
  await dock(page).getByRole('button', { name: 'Discard' }).click();
  await expect(page.getByRole('button', { name: 'Go on writing' })).toHaveCount(0);
});

test('a file is attached and can be taken away', async ({ page }) => {
  await page.goto('/leads');
  await expect(page.getByText('Helio Solar')).toBeVisible();
  await page.keyboard.press('c');
  await expect(dock(page)).toBeVisible();
  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('Control+Shift+U');
  await (await chooser).setFiles({ name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('roof') });
  await expect(dock(page).getByText('plan.txt')).toBeVisible();
  await dock(page).getByRole('button', { name: 'Remove plan.txt' }).click();
  await expect(dock(page).getByText('plan.txt')).toHaveCount(0);
});

test('an answer is written below the email that it answers, which stays in view', async ({ page }) => {
  await openInbox(page);
  await row(page, 0).click();
  await expect(page.locator('iframe').last()).toBeVisible();
  const list = (await page.getByRole('listbox').boundingBox())!;
  await page.keyboard.press('r');
  await expect(editor(page)).toBeFocused();
  const box = () => dock(page).boundingBox().then((found) => found!);
  await expect.poll(async () => (await box()).x).toBeGreaterThanOrEqual(list.x + list.width);
  const answered = page.locator('article[data-open]').last();
  await expect.poll(async () => (await answered.boundingBox())!.y + 100 < (await box()).y, { message: 'the head and first lines of the email are seen above' }).toBe(true);
  const low = (await box()).height;
  await dock(page).getByRole('button', { name: 'Full height' }).click();
  await expect.poll(async () => (await box()).height).toBeGreaterThan(low + 100);
  await dock(page).getByRole('button', { name: 'Show the conversation above' }).click();
  await expect.poll(async () => (await box()).height).toBe(low);
  await dock(page).getByRole('button', { name: 'Discard' }).click();
  await expect(dock(page)).toHaveCount(0);
});
