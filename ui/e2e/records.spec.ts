import { randomUUID } from 'node:crypto';
import type { APIRequestContext } from '@playwright/test';
import { expect, expectAccessible, signIn, test } from './support';

const LOOK = process.env.LOOK_FOLDER;
const HEADERS = { 'X-Postroom': '1' };
type Listed = { data: { id: string; name?: string; label?: string }[] };

/** Each try has its own words: nothing that one before left is taken for its own. */
let mark = '';
const made: string[] = [];
test.beforeEach(async ({ page }) => {
  mark = randomUUID().slice(0, 8);
  await signIn(page);
});
test.afterEach(async ({ page: { request } }) => {
  for (const id of made.splice(0)) await request.delete(`/api/v1/lead/${id}/`, { headers: HEADERS });
  for (const list of ['custom_field/lead', 'status/lead']) {
    const { data } = await (await request.get(`/api/v1/${list}/`)).json() as Listed;
    for (const { id, name, label } of data) if ((name ?? label)!.endsWith(mark)) await request.delete(`/api/v1/${list}/${id}/`, { headers: HEADERS });
  }
});

async function makeLead(request: APIRequestContext, name: string, contact: string): Promise<string> {
  const answer = await request.post('/api/v1/lead/', { data: { name, contacts: [{ name: contact }] }, headers: HEADERS });
  expect(answer.status(), await answer.text()).toBe(200);
  const { id } = await answer.json() as { id: string };
  made.push(id);
  return id;
}

test('status, opportunity, fields, note and call of a lead are kept where they stand', async ({ page }) => {
  test.slow();
  const [region, onHold, both] = [`Region ${mark}`, `On hold ${mark}`, `North ${mark}, South ${mark}`];
  const leadId = await makeLead(page.request, `Records ${mark}`, 'Rita Record');
  await page.goto('/settings/fields');
  await page.getByRole('button', { name: 'New field' }).click();
  await page.getByLabel('Name', { exact: true }).fill(region);
  await page.getByLabel('Kind of value').selectOption('choices');
  await page.getByLabel('Choices, one in each line').fill(both.replace(', ', '\n'));
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText(both)).toBeVisible();
  await page.getByPlaceholder('New status').first().fill(onHold);
  await page.getByRole('button', { name: 'Add', exact: true }).first().click();
  await expect(page.getByLabel(`Name of ${onHold}`)).toBeVisible();
  await expectAccessible(page);
  if (LOOK) await page.screenshot({ path: `${LOOK}/fields.png`, fullPage: true });

  await page.goto(`/leads/${leadId}`);
  await page.getByRole('button', { name: /^Status:/ }).click();
  await page.getByRole('menuitem', { name: onHold }).click();
  await expect(page.getByRole('button', { name: `Status: ${onHold}` })).toBeVisible();
  await expect(page.getByText(new RegExp(`changed the status from .* to ${onHold}`))).toBeVisible();

  await page.getByRole('button', { name: 'Add', exact: true }).nth(1).click();
  await page.getByLabel('Value').fill('1250');
  await page.getByRole('textbox', { name: 'Note' }).first().fill('Roof of the depot');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('$1,250')).toBeVisible();

  await page.getByRole('button', { name: 'Edit the fields' }).click();
  await page.getByLabel(region).selectOption(`South ${mark}`);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('dd').getByText(`South ${mark}`)).toBeVisible();

  const composer = page.getByPlaceholder('Write a note…');
  await composer.fill('They want an offer by Friday.');
  let letGo = () => {};
  const held = new Promise<void>((go) => { letGo = go; });
  await page.route('**/api/v1/activity/note/', async (route) => { await held; await route.continue(); });
  const sent = page.waitForRequest('**/api/v1/activity/note/');
  await composer.press('Control+Enter');
  await sent;
  await composer.pressSequentially(' And a demo.'); // while the first one is on its way
  letGo();
  await expect(page.getByRole('article').getByText('They want an offer by Friday.')).toBeVisible();
  await expect(composer).toHaveValue('And a demo.');
  await page.unroute('**/api/v1/activity/note/');
  await composer.fill('');
  await composer.click();
  await page.getByRole('button', { name: 'Log a call' }).click();
  await page.getByLabel('Minutes').fill('12');
  await page.getByRole('button', { name: 'Log call' }).click();
  await expect(page.getByText(/called · 12 min/)).toBeVisible();
  await expectAccessible(page);
  if (LOOK) await page.screenshot({ path: `${LOOK}/lead.png` });

  await page.reload();
  await expect(page.getByText('$1,250')).toBeVisible();
  await expect(page.getByRole('article').getByText('They want an offer by Friday.')).toBeVisible();
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page);
  if (LOOK) await page.screenshot({ path: `${LOOK}/lead-dark.png` });
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  if (LOOK) await page.screenshot({ path: `${LOOK}/lead-phone.png` });
  await page.goto('/settings/fields');
  await expect(page.getByText(both)).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  if (LOOK) await page.screenshot({ path: `${LOOK}/fields-phone.png`, fullPage: true });
});

test('another lead is merged into this one', async ({ page }) => {
  test.slow();
  const stays = await makeLead(page.request, `Stays ${mark}`, 'Sam Stays');
  const twin = await makeLead(page.request, `Twin ${mark}`, 'Tara Twin');
  const found = async () => (await (await page.request.get(`/api/v1/lead/?query=${encodeURIComponent(`Twin ${mark}`)}&_fields=id`)).json() as Listed).data.map(({ id }) => id);
  await expect.poll(found).toContain(twin); // the index is a second behind
  await page.goto(`/leads/${stays}`);
  await page.getByRole('button', { name: 'More actions' }).first().click();
  await page.getByRole('menuitem', { name: 'Merge another lead into this one' }).click();
  const dialog = page.getByRole('dialog', { name: `Merge into Stays ${mark}` });
  await dialog.getByRole('combobox', { name: 'The other lead' }).fill(`Twin ${mark}`);
  await page.getByRole('option', { name: `Twin ${mark}` }).click();
  await expectAccessible(page);
  if (LOOK) await page.screenshot({ path: `${LOOK}/merge.png` });
  await dialog.getByRole('button', { name: 'Merge', exact: true }).click();
  await expect(page.getByText('Tara Twin')).toBeVisible();
  await expect(page.getByText(`merged the lead Twin ${mark} into this one`)).toBeVisible();
  expect((await page.request.get(`/api/v1/lead/${twin}/`)).status()).toBe(404);
});
