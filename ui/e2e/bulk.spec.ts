/** A bulk email from its search to everybody, as a salesperson goes through it. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { ANNA, expect, expectAccessible, signIn, test } from './support';

const HEADERS = { 'X-Postroom': '1' };

/** For names of one attempt: a second one in the same demo does not meet what the first has left. */
const mark = () => Math.random().toString(36).slice(2, 8);

test('a search, a template and a sender become personal emails', async ({ page }) => {
  test.setTimeout(400_000);
  await signIn(page, ANNA);
  const name = `Spring news ${mark()}`;
  const made = await page.request.post('/api/v1/email_template/', { headers: HEADERS, data: { name, subject: 'Spring at {{ lead.name }}', body: '<p>Dear {{ contact.title }} {{ contact.first_name }},</p><p>spring is here.</p>' } });
  expect(made.status(), await made.text()).toBe(200);
  await page.goto('/bulk');
  await page.getByRole('link', { name: 'Bulk email' }).waitFor();
  await page.getByRole('button', { name: 'New bulk email' }).first().click();
  await page.getByText('Search', { exact: true }).last().click();
  await page.getByLabel('Search', { exact: true }).last().fill('*');
  await page.getByLabel('Template').first().fill(name);
  await page.getByRole('option', { name }).click();
  await expectAccessible(page);
  await page.screenshot({ path: 'test-results/bulk-new.png', fullPage: true });
  await page.getByRole('button', { name: 'Look at the emails' }).click();
  const send = page.getByRole('button', { name: /^Send \d+ emails?$/ });
  await expect(send).toBeVisible();
  await expect(page.getByText('Every variable has a value.').or(page.getByText(/empty variable/)).first()).toBeVisible();
  await page.getByRole('button', { name: 'Next email' }).click();
  await expect(page.getByText(/· 2 of/)).toBeVisible();
  await expectAccessible(page);
  await page.screenshot({ path: 'test-results/bulk-confirm.png', fullPage: true });
  await send.click();
  await expect(page.locator('main').getByText('Done', { exact: true })).toBeVisible({ timeout: 90_000 });
  await expectAccessible(page);
  await page.screenshot({ path: 'test-results/bulk-done.png', fullPage: true });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/bulk');
  await expect(page.locator('main').getByText(name).first()).toBeVisible();
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  await page.screenshot({ path: 'test-results/bulk-phone.png', fullPage: true });
  await page.request.delete(`/api/v1/email_template/${(await made.json() as { id: string }).id}/`, { headers: HEADERS });
});

/** A batch that a person has paused while somebody still waits; one that was through already is made anew. */
async function paused(page: Page, body: object): Promise<string> {
  let bulkId = '';
  await expect(async () => {
    const made = await page.request.post('/api/v1/bulk_action/email/', { headers: HEADERS, data: body });
    expect(made.status(), await made.text()).toBe(200);
    bulkId = ((await made.json()) as { id: string }).id;
    const answer = await page.request.post(`/api/v1/bulk_action/email/${bulkId}/pause/`, { headers: HEADERS });
    expect(answer.status()).toBe(200);
    const batch = (await answer.json()) as { n_leads: number | null; n_queued: number };
    expect(batch.n_leads === null || batch.n_queued > 0).toBe(true);
  }).toPass();
  return bulkId;
}

test('a running batch is paused, resumed and cancelled, and who is passed over is exported', async ({ page }) => {
  test.setTimeout(400_000);
  await signIn(page, ANNA);
  const made = await page.request.post('/api/v1/email_template/', { headers: HEADERS, data: { name: `Autumn news ${mark()}`, subject: 'Autumn at {{ lead.name }}', body: '<p>Autumn is here.</p>' } });
  const template = ((await made.json()) as { id: string }).id;
  const draft = await page.request.post('/api/v1/bulk_action/email/draft/', { headers: HEADERS, data: { template_id: template, query: 'limit:12' } });
  const draftId = ((await draft.json()) as { id: string }).id;
  const people = (await (await page.request.get(`/api/v1/bulk_action/email/${draftId}/recipient/?state__in=queued`)).json()) as { data: { email: string }[] };
  const [barred] = people.data.map(({ email }) => email);
  expect(barred).toBeTruthy();
  await page.request.post('/api/v1/suppression/', { headers: HEADERS, data: { email: barred, reason: 'asked by telephone' } });
  try {
    const body = { template_id: template, query: 'limit:12', send_done_email: false };
    const first = await paused(page, body);
    await page.goto(`/bulk/${first}`);
    await expect(page.getByText('Paused by a person')).toBeVisible();
    await expectAccessible(page);
    await page.screenshot({ path: 'test-results/bulk-paused.png', fullPage: true });
    await page.getByRole('button', { name: 'Resume' }).click();
    await expect(page.locator('main').getByText('Done', { exact: true })).toBeVisible({ timeout: 90_000 });
    const shelf = page.getByRole('button', { name: /^Unsubscribed · \d+$/ });
    await shelf.click();
    await expect(page.getByRole('cell', { name: barred })).toBeVisible();
    const passedOver = Number((await shelf.innerText()).match(/\d+/)![0]);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export as CSV' }).click();
    const file = await readFile(await (await download).path(), 'utf-8');
    expect(file).toContain(barred);
    expect(file.trim().split('\n')).toHaveLength(1 + passedOver);
    await page.screenshot({ path: 'test-results/bulk-passed-over.png', fullPage: true });

    const second = await paused(page, body);
    await page.goto(`/bulk/${second}`);
    await page.getByRole('button', { name: 'Cancel sending' }).click();
    const dialog = page.getByRole('dialog');
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Cancel sending' }).click();
    await expect(page.locator('main').getByText('Cancelled', { exact: true }).first()).toBeVisible();
    await expect(page.getByRole('button', { name: 'Resume' })).toBeHidden();
    await page.screenshot({ path: 'test-results/bulk-cancelled.png', fullPage: true });

    await page.goto('/settings/suppression');
    await page.getByLabel('Search addresses').fill(barred!);
    await expect(page.getByText('asked by telephone')).toBeVisible();
  } finally {
    await page.request.delete(`/api/v1/suppression/manual/${barred}/`, { headers: HEADERS });
    await page.request.delete(`/api/v1/email_template/${template}/`, { headers: HEADERS });
  }
});

test('tracking says what it needs where recipients do not reach the page by https', async ({ page }) => {
  await signIn(page, ANNA);
  const { data } = (await (await page.request.get('/api/v1/connected_account/')).json()) as { data: { id: string; smtp: object | null }[] };
  const account = data.find(({ smtp }) => smtp);
  await page.goto(`/settings/accounts/${account!.id}?tab=general`);
  await expect(page.getByText(/POSTROOM_BASE_URL/)).toBeVisible();
  await expect(page.getByRole('switch', { name: 'Opening' })).toBeDisabled();
  await expectAccessible(page);
  await page.screenshot({ path: 'test-results/account-tracking.png', fullPage: true });
});
