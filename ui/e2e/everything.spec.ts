/** "Select everything": what is not loaded is meant too, and comes back with undo. */
import type { APIRequestContext, Page } from '@playwright/test';
import { ANNA, expect, openInbox, row, signIn, test } from './support';

const HEADERS = { 'X-Postroom': '1' };
type Found<T> = { data: T[]; total_results?: number };

test.beforeEach(async ({ page }) => { await signIn(page, ANNA); });

/** The list itself gets a short first page, and the pages after it never come. */
async function loadOnly(page: Page, path: RegExp, rows: number): Promise<void> {
  await page.route(path, async (route) => {
    const url = new URL(route.request().url());
    const fields = url.searchParams.get('_fields') ?? '';
    if (route.request().method() !== 'GET' || fields.split(',').length === 2 || url.searchParams.get('_limit') === '0') { await route.fallback(); return; }
    if (Number(url.searchParams.get('_skip') ?? 0) > 0) return; // still on its way when the test ends
    url.searchParams.set('_limit', String(rows));
    await route.continue({ url: url.href });
  });
}
const inbox = async (request: APIRequestContext) => {
  const answer = await request.get('/api/v1/task/?_type=incoming_email&view=inbox&assigned_to=me&_fields=id&_limit=200');
  return (await answer.json() as Found<{ id: string }>).data.map(({ id }) => id).toSorted();
};

test('everything in the Inbox is done, also what is not loaded, and all of it comes back', async ({ page }) => {
  const all = await inbox(page.request);
  expect(all.length).toBeGreaterThan(3);
  await loadOnly(page, /\/api\/v1\/task\/\?/, 3);
  try {
    await openInbox(page);
    await expect(row(page, 2)).toBeVisible();
    await page.keyboard.press('*');
    await page.keyboard.press('a');
    await expect(page.getByRole('toolbar', { name: '3 selected' })).toBeVisible();
    await page.getByRole('button', { name: /Select everything in this view/ }).click();
    await expect(page.getByRole('toolbar', { name: 'Everything in this view is selected' })).toBeVisible();
    await page.keyboard.press('e');
    await expect.poll(() => inbox(page.request)).toEqual([]);
    await page.getByRole('button', { name: /^Undo/ }).click();
    await expect.poll(() => inbox(page.request)).toEqual(all);
  } finally {
    await page.request.put(`/api/v1/task/?id__in=${all.join()}`, { data: { is_complete: false }, headers: HEADERS });
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  }
});

test('all leads that match get a status, also those that are not loaded, and each has its old one back', async ({ page }) => {
  const mark = `Wholly${Date.now().toString(36)}`;
  const made: string[] = [];
  for (const [place, status] of ['Potential', 'Bad Fit', 'Potential', 'Customer'].entries()) {
    const answer = await page.request.post('/api/v1/lead/', { data: { name: `${mark} ${place}`, status }, headers: HEADERS });
    made.push((await answer.json() as { id: string }).id);
  }
  const statuses = async () => {
    const answer = await page.request.get(`/api/v1/lead/?query=${mark} sort:name&_fields=status_label`);
    return (await answer.json() as Found<{ status_label: string }>).data.map((lead) => lead.status_label);
  };
  await expect.poll(statuses).toEqual(['Potential', 'Bad Fit', 'Potential', 'Customer']);
  await loadOnly(page, /\/api\/v1\/lead\/\?/, 2);
  try {
    await page.goto(`/leads?q=${mark}`);
    await expect(page.getByRole('listitem').filter({ hasText: mark })).toHaveCount(2);
    await page.getByRole('checkbox', { name: 'Select all' }).click();
    await page.getByRole('button', { name: 'All shown are selected. Select all 4 leads that match' }).click();
    const bar = page.getByRole('toolbar', { name: 'All 4 leads that match are selected' });
    await expect(bar.getByRole('link', { name: 'Email them' })).toHaveAttribute('href', new RegExp(`/bulk/new\\?query=.*${mark}`));
    await bar.getByRole('button', { name: 'Set status' }).click();
    await page.getByRole('menuitem', { name: 'Qualified' }).click();
    await expect.poll(statuses).toEqual(['Qualified', 'Qualified', 'Qualified', 'Qualified']);
    await page.getByRole('button', { name: /^Undo/ }).click();
    await expect.poll(statuses).toEqual(['Potential', 'Bad Fit', 'Potential', 'Customer']);
    // Deleting asks first, with how many.
    await page.getByRole('checkbox', { name: 'Select all' }).click();
    await page.getByRole('button', { name: 'All shown are selected. Select all 4 leads that match' }).click();
    await bar.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog', { name: 'Delete 4 leads?' }).getByRole('button', { name: 'Delete' }).click();
    await expect.poll(statuses).toEqual([]);
  } finally {
    for (const id of made) await page.request.delete(`/api/v1/lead/${id}/`, { headers: HEADERS });
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  }
});
