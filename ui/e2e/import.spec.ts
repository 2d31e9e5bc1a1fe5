import type { APIRequestContext, Page } from '@playwright/test';
import { expect, expectAccessible, signIn, test } from './support';

const HEADERS = { 'X-Postroom': '1' };
/** A company, addresses and a file that no other attempt has: leads with the same name or address are joined. */
const mark = () => `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`;
const fileOf = (of: string) => `Company;First name;Last name;E-mail;City;Remark\r\nMühle ${of};Rosa;Kern;rosa@${of}.example;Köln;x\r\nMühle ${of};Ben;Kern;ben@${of}.example;;\r\nQuartz ${of};Max;;max@quartz;;\r\n`;
const found = async (request: APIRequestContext, of: string) => ((await (await request.get(`/api/v1/lead/?query=${encodeURIComponent(`name:"Mühle ${of}"`)}`)).json()) as { data: { id: string; contacts: unknown[] }[] }).data;
/** By what it takes: the window for writing, drawn once unseen when the page has a moment, has a field for files too. */
const csvFile = (page: Page) => page.locator('input[type=file][accept*=".csv"]');

test.beforeEach(async ({ page }) => { await signIn(page); });

test('a file is mapped, tried, imported and taken back', async ({ page }) => {
  const of = mark();
  const look = async (name: string) => { if (process.env.LOOK) await page.screenshot({ path: `${process.env.LOOK}/${name}.png`, fullPage: true }); };
  await page.goto('/leads');
  await page.getByRole('link', { name: 'Import leads' }).click();
  await expect(page.getByRole('heading', { name: 'Import leads' })).toBeVisible();
  await expectAccessible(page);
  await look('start');
  await csvFile(page).setInputFiles({ name: `${of}.csv`, mimeType: 'text/csv', buffer: Buffer.from(fileOf(of), 'latin1') });
  await expect(page.getByText(`${of}.csv, 3 rows`)).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Becomes: E-mail' })).toHaveValue('Contact: email address');
  await expect(page.getByText(`Mühle ${of} · Mühle ${of} · Quartz ${of}`)).toBeVisible();
  await expectAccessible(page);
  await look('columns');
  await page.getByRole('combobox', { name: 'Becomes: Remark' }).click();
  await page.getByRole('option', { name: 'Lead: description' }).click();
  await expect(page.getByRole('combobox', { name: 'Becomes: Remark' })).toHaveValue('Lead: description');

  await page.getByRole('button', { name: 'Try it out' }).click();
  // The heading is there while the rows are still being tried; the button counts them when all have been.
  await expect(page.getByRole('button', { name: 'Import 2 rows' })).toBeVisible({ timeout: 90_000 });
  await expect(page.getByRole('heading', { name: 'What would happen' })).toBeVisible();
  await expect(page.getByText("'max@quartz' is not an email address.")).toBeVisible();
  await look('checked');
  await page.getByRole('button', { name: 'Import 2 rows' }).click();
  try {
    await expect(page.getByRole('heading', { name: 'Done' })).toBeVisible({ timeout: 90_000 });
    await expectAccessible(page);
    await look('done');
    if (process.env.LOOK) {
      await page.setViewportSize({ width: 390, height: 844 });
      await look('done-narrow');
      await page.setViewportSize({ width: 1440, height: 900 });
    }
    await expect.poll(async () => (await found(page.request, of)).map(({ contacts }) => contacts.length)).toEqual([2]);

    await page.getByRole('button', { name: 'Undo the import' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Undo the import' }).click();
    await expect(page.getByRole('heading', { name: 'Undone' })).toBeVisible({ timeout: 90_000 });
    await expect.poll(() => found(page.request, of)).toEqual([]);
  } finally {
    for (const { id } of await found(page.request, of)) await page.request.delete(`/api/v1/lead/${id}/`, { headers: HEADERS });
  }
  await page.getByRole('button', { name: 'Import another file' }).click();
  await expect(page.getByRole('link', { name: of })).toContainText('Undone');
});

test('the columns can be chosen on a narrow and on a dark screen', async ({ page }) => {
  const of = mark();
  await page.goto('/leads/import');
  await csvFile(page).setInputFiles({ name: `${of}.csv`, mimeType: 'text/csv', buffer: Buffer.from(fileOf(of)) });
  await expect(page.getByText(`${of}.csv, 3 rows`)).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect(page.getByRole('combobox', { name: 'Becomes: Company' })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  await expectAccessible(page);
  if (process.env.LOOK) await page.screenshot({ path: `${process.env.LOOK}/narrow-dark.png`, fullPage: true });
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(page.getByRole('button', { name: 'Choose a CSV file' })).toBeVisible();
});
