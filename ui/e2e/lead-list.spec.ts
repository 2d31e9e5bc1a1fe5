import { readFileSync } from 'node:fs';
import type { APIRequestContext } from '@playwright/test';
import { expect, expectAccessible, signIn, test } from './support';

const HEADERS = { 'X-Postroom': '1' };

/** For names of one attempt: a second one in the same demo does not meet what the first has left. */
const mark = () => Math.random().toString(36).slice(2, 8);

/** The list is asked for once: what it shall find must be known to the search by then. */
const found = (request: APIRequestContext, query: string, number: number) =>
  expect.poll(async () => (await (await request.get('/api/v1/lead/', { params: { query, _limit: 0 } })).json() as { total_results: number }).total_results).toBe(number);

test.beforeEach(async ({ page }) => { await signIn(page); });

test('a mistake is shown at its place, mended by a click, sorted by a heading and kept as a Smart View', async ({ page }) => {
  const name = `Waiting potentials ${mark()}`;
  await page.goto('/leads');
  const field = page.getByRole('combobox', { name: /^Search leads/ });
  await expect(page.getByRole('listitem').first()).toBeVisible();
  await field.fill('statuss:Potential');
  await expect(page.getByRole('alert').locator('mark')).toHaveText('statuss');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Use “status”' }).click();
  await expect(field).toHaveValue('status:Potential');
  await expect(page.getByRole('listitem').first()).toBeVisible();
  await page.getByRole('button', { name: 'Last activity' }).click();
  await expect(field).toHaveValue('status:Potential sort:-last_activity');
  await page.getByRole('button', { name: 'Save as Smart View' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { name })).toBeVisible();
  const view = page.getByRole('navigation', { name: 'Smart Views' }).getByRole('link', { name });
  await expect(view).toHaveAttribute('aria-current', 'page');
  const id = new URL(page.url()).searchParams.get('view')!;
  await page.reload();
  await expect(field).toHaveValue('status:Potential sort:-last_activity');
  await page.request.delete(`/api/v1/saved_search/${id}/`, { headers: HEADERS });
});

test('ticked leads get a status together, and have their old one back', async ({ page }) => {
  const name = `Ticked ${mark()}`;
  const { id } = await (await page.request.post('/api/v1/lead/', { data: { name, status: 'Potential' }, headers: HEADERS })).json() as { id: string };
  await found(page.request, `name:"${name}"`, 1);
  await page.goto(`/leads?q=name:"${name}"`);
  await page.getByRole('checkbox', { name: `Select ${name}` }).click();
  const bar = page.getByRole('toolbar', { name: '1 selected' });
  await bar.getByRole('button', { name: 'Set status' }).click();
  await page.getByRole('menuitem', { name: 'Qualified' }).click();
  await expect(page.getByRole('listitem').getByText('Qualified')).toBeVisible();
  await page.keyboard.press('z');
  await expect(page.getByRole('listitem').getByText('Potential')).toBeVisible();
  await page.request.delete(`/api/v1/lead/${id}/`, { headers: HEADERS });
});

test('a query is completed as it is written, with the names that the company has', async ({ page }) => {
  const own = mark();
  const [crane, kiln] = [`Completed Crane${own} Works`, `Completed Kiln${own} Works`] as const;
  const made: string[] = [];
  try {
    for (const name of [crane, kiln]) {
      const answer = await page.request.post('/api/v1/lead/', { data: { name, status: 'Bad Fit' }, headers: HEADERS });
      made.push((await answer.json() as { id: string }).id);
    }
    await found(page.request, `lead_status:"Bad Fit" name:"${crane}"`, 1);
    await found(page.request, `lead_status:"Bad Fit" name:"${kiln}"`, 1);
    await page.goto('/leads');
    const field = page.getByRole('combobox', { name: /^Search leads/ });
    const list = page.getByRole('listbox', { name: 'Suggestions' });
    const leads = page.getByRole('listitem');
    await expect(leads.first()).toBeVisible();
    await field.fill('lead_st');
    await expect(list.getByRole('option').first()).toHaveText(/^lead_status:/);
    await expect(field).toHaveAttribute('aria-expanded', 'true');
    await expect(field).not.toHaveAttribute('aria-activedescendant');
    await field.press('ArrowDown');
    await expect(list.getByRole('option', { selected: true })).toHaveText(/^lead_status:/);
    await field.press('Tab');
    await expect(field).toHaveValue('lead_status:');
    await expect(field).toBeFocused();
    await expect(list.getByRole('option', { name: 'Bad Fit' })).toBeVisible();
    await field.fill('lead_status:ba');
    await expect(list.getByRole('option')).toHaveText(['Bad Fit']);
    await field.press('ArrowDown');
    await expect(list.getByRole('option', { selected: true })).toHaveText('Bad Fit');
    await field.press('Enter');
    await expect(field).toHaveValue('lead_status:"Bad Fit" ');
    await expect(list).toBeHidden();
    await expect(leads.filter({ hasText: kiln })).toBeVisible();
    await field.fill(`lead_status:"Bad Fit" crane${own}`);
    await field.press('Enter');
    await expect(leads.filter({ hasText: kiln })).toHaveCount(0);
    await expect(leads).toHaveText([new RegExp(crane)]);
    // While a value is still to be chosen nothing is asked, so the list of leads stands still.
    await field.fill('has:');
    await field.press('ArrowDown');
    await expect(list.getByRole('option', { selected: true })).toBeVisible();
    await expectAccessible(page);
    await field.press('Escape');
    await expect(list).toBeHidden();
    await expect(field).toHaveValue('has:');
    await field.fill('lead_status:');
    await list.getByRole('option', { name: 'Bad Fit' }).click();
    await expect(field).toHaveValue('lead_status:"Bad Fit" ');
    await expect(leads.filter({ hasText: kiln })).toBeVisible();
  } finally {
    for (const id of made) await page.request.delete(`/api/v1/lead/${id}/`, { headers: HEADERS });
  }
});

test('a Smart View that is gone leaves all leads, and one that cannot be read says so', async ({ page }) => {
  await page.goto('/leads?view=save_gone');
  await expect(page.getByRole('listitem').filter({ hasText: 'Helio Solar' })).toBeVisible();
  await page.route(/\/api\/v1\/saved_search\//, (route) => route.fulfill({ status: 403, json: { error: 'Not for you.' } }));
  await page.reload();
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
  await page.unroute(/\/api\/v1\/saved_search\//);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Helio Solar' })).toBeVisible();
});

test('a mistake is told in German on the German page', async ({ page }) => {
  await page.request.put('/api/v1/preferences/', { data: { language: null }, headers: HEADERS }); // a language that is kept there would be spoken
  await page.addInitScript(() => { localStorage.setItem('postroom-language', 'de'); });
  await page.goto('/leads');
  const field = page.getByRole('combobox', { name: /^Leads suchen|^Leads durchsuchen|Leads/ });
  await expect(page.getByRole('listitem').first()).toBeVisible();
  await field.fill('statuss:Potential');
  await expect(page.getByRole('alert')).toContainText('Bei Leads gibt es kein Feld „statuss“.');
  await field.fill('created:gestern');
  await expect(page.getByRole('alert')).toContainText('created ist ein Datum, „gestern“ ist keines.');
  await field.fill('(status:Potential');
  await expect(page.getByRole('alert')).toContainText('Diese Klammer wird nicht geschlossen.');
});

test('many ticked leads get a status at once, and all have their old one back by one undo', async ({ page }) => {
  const word = `Manifold${mark()}`;
  const made: string[] = [];
  try {
    for (let number = 1; number <= 12; number++) {
      const answer = await page.request.post('/api/v1/lead/', { data: { name: `${word} Works ${number}`, status: number % 2 ? 'Bad Fit' : 'Customer' }, headers: HEADERS });
      made.push((await answer.json() as { id: string }).id);
    }
    await found(page.request, `name:${word}`, 12);
    await page.goto(`/leads?q=name:${word}`);
    const leads = page.getByRole('listitem');
    await expect(leads).toHaveCount(12);
    await page.getByRole('checkbox', { name: /Select all/ }).click();
    const single: string[] = [];
    page.on('request', (request) => { if (request.method() === 'PUT' && request.url().includes('/lead/')) single.push(request.url()); });
    await page.getByRole('toolbar', { name: '12 selected' }).getByRole('button', { name: 'Set status' }).click();
    await page.getByRole('menuitem', { name: 'Qualified' }).click();
    await expect(leads.filter({ hasText: 'Qualified' })).toHaveCount(12);
    await page.keyboard.press('z');
    await expect(leads.filter({ hasText: 'Bad Fit' })).toHaveCount(6);
    await expect(leads.filter({ hasText: 'Customer' })).toHaveCount(6);
    expect(single).toEqual([]);
  } finally {
    for (const id of made) await page.request.delete(`/api/v1/lead/${id}/`, { headers: HEADERS });
  }
});

test('what a query finds is made into a file with every field, watched and downloaded', async ({ page }) => {
  const name = `Exported Lathe ${mark()}`;
  const made: string[] = [];
  try {
    const answer = await page.request.post('/api/v1/lead/', { data: { name, contacts: [{ name: 'Ada Lathe', emails: [{ email: 'ada@lathe.example' }] }, { name: 'Bo Lathe' }] }, headers: HEADERS });
    made.push((await answer.json() as { id: string }).id);
    await found(page.request, `name:"${name}"`, 1);
    await page.goto(`/leads?q=name:"${name}"`);
    await expect(page.getByRole('listitem')).toHaveCount(1);
    await page.getByRole('button', { name: 'Export leads' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText(`name:"${name}"`);
    await expect(dialog.getByRole('radio', { name: 'contact' })).toBeChecked();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Make the file' }).click();
    const file = dialog.getByRole('region', { name: 'Your last files' }).getByRole('listitem').filter({ hasText: name });
    const link = file.getByRole('link', { name: /^Download/ });
    await expect(link).toBeVisible({ timeout: 90_000 }); // the worker makes it
    const coming = page.waitForEvent('download');
    await link.click();
    const lines = readFileSync(await (await coming).path(), 'utf8');
    expect(lines).toContain('Ada Lathe');
    expect(lines).toContain('Bo Lathe');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 390, height: 844 });
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  } finally {
    for (const id of made) await page.request.delete(`/api/v1/lead/${id}/`, { headers: HEADERS });
  }
});

test('all fields are offered by keys where a condition may begin', async ({ page }) => {
  await page.goto('/leads');
  const field = page.getByRole('combobox', { name: /^Search leads/ });
  const list = page.getByRole('listbox', { name: 'Suggestions' });
  await expect(page.getByRole('listitem').first()).toBeVisible();
  await field.focus();
  await expect(list).toBeHidden();
  await field.press('Control+Space');
  await expect(list.getByRole('option').first()).toHaveText(/^status:/);
  await field.press('Escape');
  await expect(list).toBeHidden();
  await field.press('ArrowDown');
  await expect(list.getByRole('option').first()).toHaveText(/^status:/);
  await field.pressSequentially('email(');
  await expect(list.getByRole('option', { name: /^has_reply:/ })).toBeVisible();
  await expectAccessible(page);
});

test('a mistake in the search of emails is told at its place, and mended by a click', async ({ page }) => {
  await page.goto('/mail/search?q=subjekt:offer');
  await expect(page.getByRole('alert').locator('mark')).toHaveText('subjekt');
  await expect(page.getByRole('alert')).toContainText('An email has no field “subjekt”.');
  await page.getByRole('button', { name: 'Use “subject”' }).click();
  await expect(page.getByRole('textbox', { name: /^Search/ })).toHaveValue('subject:offer');
  await expect(page.getByRole('alert')).toHaveCount(0);
});
