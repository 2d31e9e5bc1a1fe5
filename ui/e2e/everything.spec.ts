/** "Select everything": what is not loaded is meant too, and comes back with undo. */
import type { Page } from '@playwright/test';
import { ANNA, expect, inboxOf, openInbox, putBack, row, signIn, test } from './support';

const HEADERS = { 'X-Postroom': '1' };
const FEWEST = 3;
const MANY = 20;
type Found<T> = { data: T[] };

let kept: Awaited<ReturnType<typeof inboxOf>> = [];
test.beforeEach(async ({ page }) => {
  await signIn(page, ANNA);
  kept = await inboxOf(page.request);
  if (kept.length > FEWEST) return;
  // An attempt that was stopped while the server marked everything as done.
  await putBack(page, (await inboxOf(page.request, 'archive')).slice(0, MANY));
  kept = await inboxOf(page.request);
});
// Not in a test itself, whose end nobody waits for when its time is up.
test.afterEach(async ({ page }) => { await page.unrouteAll({ behavior: 'ignoreErrors' }); await putBack(page, kept); });

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
/** The toast with Undo stays while the mouse is on it, as long as the server may take. */
async function undoOnce(page: Page, isDone: () => Promise<void>): Promise<void> {
  const undo = page.getByRole('button', { name: /^Undo/ });
  await undo.hover();
  await isDone();
  await undo.click();
}

test('everything in the Inbox is done, also what is not loaded, and all of it comes back', async ({ page }) => {
  const all = kept.map(({ id }) => id).toSorted();
  /** Mail comes in meanwhile; what counts is what was there. */
  const inbox = async () => (await inboxOf(page.request)).map(({ id }) => id).filter((id) => all.includes(id)).toSorted();
  expect(all.length).toBeGreaterThan(FEWEST);
  await loadOnly(page, /\/api\/v1\/task\/\?/, 3);
  await openInbox(page);
  await expect(row(page, 2)).toBeVisible();
  await page.keyboard.press('*');
  await page.keyboard.press('a');
  await expect(page.getByRole('toolbar', { name: '3 selected' })).toBeVisible();
  await page.getByRole('button', { name: /Select everything in this view/ }).click();
  await expect(page.getByRole('toolbar', { name: 'Everything in this view is selected' })).toBeVisible();
  await page.keyboard.press('e');
  await undoOnce(page, () => expect.poll(inbox).toEqual([]));
  await expect.poll(inbox).toEqual(all);
});

test('all leads that match get a status, also those that are not loaded, and each has its old one back', async ({ page }) => {
  const mark = `Wholly${Date.now().toString(36)}`;
  const made: string[] = [];
  const statuses = async () => {
    const answer = await page.request.get(`/api/v1/lead/?query=${mark} sort:name&_fields=status_label`);
    return (await answer.json() as Found<{ status_label: string }>).data.map((lead) => lead.status_label);
  };
  await loadOnly(page, /\/api\/v1\/lead\/\?/, 2);
  try {
    for (const [place, status] of ['Potential', 'Bad Fit', 'Potential', 'Customer'].entries()) {
      const answer = await page.request.post('/api/v1/lead/', { data: { name: `${mark} ${place}`, status }, headers: HEADERS });
      made.push((await answer.json() as { id: string }).id);
    }
    await expect.poll(statuses).toEqual(['Potential', 'Bad Fit', 'Potential', 'Customer']);
    await page.goto(`/leads?q=${mark}`);
    await expect(page.getByRole('listitem').filter({ hasText: mark })).toHaveCount(2);
    await page.getByRole('checkbox', { name: 'Select all' }).click();
    await page.getByRole('button', { name: 'All shown are selected. Select all 4 leads that match' }).click();
    const bar = page.getByRole('toolbar', { name: 'All 4 leads that match are selected' });
    await expect(bar.getByRole('link', { name: 'Email them' })).toHaveAttribute('href', new RegExp(`/bulk/new\\?query=.*${mark}`));
    await bar.getByRole('button', { name: 'Set status' }).click();
    await page.getByRole('menuitem', { name: 'Qualified' }).click();
    await undoOnce(page, () => expect.poll(statuses).toEqual(['Qualified', 'Qualified', 'Qualified', 'Qualified']));
    await expect.poll(statuses).toEqual(['Potential', 'Bad Fit', 'Potential', 'Customer']);
    // Deleting asks first, with how many.
    await page.getByRole('checkbox', { name: 'Select all' }).click();
    await page.getByRole('button', { name: 'All shown are selected. Select all 4 leads that match' }).click();
    await bar.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog', { name: 'Delete 4 leads?' }).getByRole('button', { name: 'Delete' }).click();
    await expect.poll(statuses).toEqual([]);
  } finally {
    for (const id of made) await page.request.delete(`/api/v1/lead/${id}/`, { headers: HEADERS });
  }
});
