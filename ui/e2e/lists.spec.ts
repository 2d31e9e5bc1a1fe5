import type { APIRequestContext } from '@playwright/test';
import { editor, expect, expectAccessible, row, signIn, test } from './support';

const HEADERS = { 'X-Postroom': '1' };
type Made = { id: string; status: string };

/** For names of one attempt: a second one in the same demo does not meet what the first has left. */
const mark = () => Math.random().toString(36).slice(2, 8);
const made: string[] = [];

test.beforeEach(async ({ page }) => { await signIn(page); });
test.afterEach(async ({ page }) => {
  for (const id of made.splice(0)) {
    await page.request.put(`/api/v1/activity/email/${id}/`, { data: { status: 'draft' }, headers: HEADERS }); // one that waits to be sent is not deleted
    await page.request.delete(`/api/v1/activity/email/${id}/`, { headers: HEADERS });
  }
});

async function written(request: APIRequestContext, subject: string, more: object): Promise<string> {
  const { data: [lead] } = await (await request.get('/api/v1/lead/?query=Helio')).json() as { data: { id: string }[] };
  const data = { lead_id: lead!.id, sender: 'anna@acme.example', to: ['paul.ferrer@helio.example'], subject, body_html: '<p>The roof is measured.</p>', ...more };
  const answer = await request.post('/api/v1/activity/email/', { data, headers: HEADERS });
  expect(answer.status(), await answer.text()).toBe(200);
  const { id } = await answer.json() as Made;
  made.push(id);
  return id;
}
const read = async (request: APIRequestContext, id: string) => (await request.get(`/api/v1/activity/email/${id}/`)).json() as Promise<Made>;
const inTwoDays = () => new Date(Date.now() + 2 * 86_400_000).toISOString();

test('a draft is found, edited by key, discarded and brought back', async ({ page }) => {
  const subject = `A draft of the list ${mark()}`;
  const id = await written(page.request, subject, { status: 'draft' });
  await page.goto('/mail/drafts');
  await page.getByRole('option').filter({ hasText: subject }).click();
  await expect(page.locator('article iframe').contentFrame().getByText('The roof is measured.')).toBeVisible();
  await page.keyboard.press('i');
  await expect(editor(page)).toContainText('The roof is measured.');
  await expect(editor(page)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(editor(page)).toHaveCount(0);
  await page.keyboard.press('#');
  await expect(page.getByRole('option').filter({ hasText: subject })).toHaveCount(0);
  await page.keyboard.press('z');
  await expect(page.getByRole('option', { selected: true }).filter({ hasText: subject })).toBeVisible(); // it is open again, too
  await page.keyboard.press('#');
  await expect.poll(async () => (await page.request.get(`/api/v1/activity/email/${id}/`)).status(), { timeout: 90_000 }).toBe(404);
});

test('a scheduled email is moved to another time, and sent now with a way back', async ({ page }) => {
  await page.request.put('/api/v1/preferences/', { data: { undo_seconds: 59 }, headers: HEADERS }); // the test is not about who is quicker
  const id = await written(page.request, `A scheduled one ${mark()}`, { status: 'scheduled', date_scheduled: inTwoDays() });
  await page.goto(`/mail/scheduled?t=${id}`);
  await page.getByRole('button', { name: 'Another time' }).click();
  await page.keyboard.type('in 3 weeks');
  await page.keyboard.press('Enter');
  await expect.poll(async () => new Date((await read(page.request, id) as unknown as { date_scheduled: string }).date_scheduled).getTime()).toBeGreaterThan(Date.now() + 20 * 86_400_000);
  await page.keyboard.press('Shift+S');
  await expect.poll(async () => (await read(page.request, id)).status).toBe('outbox');
  await page.getByRole('button', { name: /^Undo/ }).last().click();
  await expect.poll(async () => (await read(page.request, id)).status).toBe('scheduled');
  await page.request.put('/api/v1/preferences/', { data: { undo_seconds: null }, headers: HEADERS });
});

test('an email that failed says so in the outbox, and can be edited', async ({ page }) => {
  const subject = `A failed one ${mark()}`;
  const id = await written(page.request, subject, { status: 'error' });
  await page.goto('/mail/outbox');
  await expect(page.getByRole('navigation').getByTitle(/^\d+ failed$/)).toBeVisible();
  await page.getByRole('option').filter({ hasText: subject }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'This email was not sent' })).toBeVisible();
  await page.keyboard.press('i');
  await expect(editor(page)).toContainText('The roof is measured.');
  await expect.poll(async () => (await read(page.request, id)).status).toBe('draft');
});

test('every email is found by its words, which are marked', async ({ page }) => {
  const id = await written(page.request, 'About the zeppelin hangar', { status: 'draft', body_html: '<p>The zeppelin is delivered on Tuesday.</p>' });
  await expect.poll(async () => (await (await page.request.get('/api/v1/mail/?box=any&query=zeppelin%20tues')).json() as { data: Made[] }).data.map((one) => one.id), { timeout: 90_000 }).toContain(id);
  await page.goto('/mail/inbox');
  await expect(row(page, 0)).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('zeppelin tues'); // at once: nothing typed may be lost or run a command
  await expect(page.getByRole('option').locator('mark').first()).toHaveText(/zeppelin/i);
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await expect(page.locator('article iframe').contentFrame().getByText('delivered on Tuesday')).toBeVisible();
});

test("a coworker's drafts can be read and not changed", async ({ page }) => {
  await page.goto('/mail/drafts');
  await page.getByRole('button', { name: 'Whose Inbox' }).click();
  await page.getByRole('menuitem', { name: "Everybody's" }).click();
  await expect(page.getByText('You can read this list.')).toBeVisible();
});
