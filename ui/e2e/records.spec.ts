import { expect, expectAccessible, signIn, test } from './support';

const LOOK = process.env.LOOK_FOLDER;

test.beforeEach(async ({ page }) => { await signIn(page); });

test('status, opportunity, fields, note and call of a lead are kept where they stand', async ({ page }) => {
  test.slow();
  await page.goto('/settings/fields');
  await page.getByRole('button', { name: 'New field' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Region');
  await page.getByLabel('Kind of value').selectOption('choices');
  await page.getByLabel('Choices, one in each line').fill('North\nSouth');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('North, South')).toBeVisible();
  await page.getByPlaceholder('New status').first().fill('On hold');
  await page.getByRole('button', { name: 'Add', exact: true }).first().click();
  await expect(page.getByLabel('Name of On hold')).toBeVisible();
  await expectAccessible(page);
  if (LOOK) await page.screenshot({ path: `${LOOK}/fields.png`, fullPage: true });

  await page.goto('/leads');
  await page.getByText('Helio Solar').click();
  await page.getByRole('button', { name: /^Status:/ }).click();
  await page.getByRole('menuitem', { name: 'On hold' }).click();
  await expect(page.getByRole('button', { name: 'Status: On hold' })).toBeVisible();
  await expect(page.getByText(/changed the status from .* to On hold/)).toBeVisible();

  await page.getByRole('button', { name: 'Add', exact: true }).nth(1).click();
  await page.getByLabel('Value').fill('1250');
  await page.getByRole('textbox', { name: 'Note' }).first().fill('Roof of the depot');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('$1,250')).toBeVisible();

  await page.getByRole('button', { name: 'Edit the fields' }).click();
  await page.getByLabel('Region').selectOption('South');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('dd').getByText('South')).toBeVisible();

  const composer = page.getByPlaceholder('Write a note…');
  await composer.fill('They want an offer by Friday.');
  await composer.press('Control+Enter');
  await expect(page.getByRole('article').getByText('They want an offer by Friday.')).toBeVisible();
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
  await expect(page.getByText('North, South')).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  if (LOOK) await page.screenshot({ path: `${LOOK}/fields-phone.png`, fullPage: true });
});

test('another lead is merged into this one', async ({ page }) => {
  test.slow();
  const made = await page.request.post('/api/v1/lead/', { data: { name: 'Helio Twin', contacts: [{ name: 'Tara Twin' }] }, headers: { 'X-Postroom': '1' } });
  expect(made.status()).toBe(200);
  await page.goto('/leads');
  await page.getByText('Helio Solar').first().click();
  await page.getByRole('button', { name: 'More actions' }).first().click();
  await page.getByRole('menuitem', { name: 'Merge another lead into this one' }).click();
  const dialog = page.getByRole('dialog', { name: 'Merge into Helio Solar' });
  await dialog.getByRole('combobox', { name: 'The other lead' }).fill('Helio Twin');
  await page.getByRole('option', { name: 'Helio Twin' }).click();
  await expectAccessible(page);
  if (LOOK) await page.screenshot({ path: `${LOOK}/merge.png` });
  await dialog.getByRole('button', { name: 'Merge', exact: true }).click();
  await expect(page.getByText('Tara Twin')).toBeVisible();
  await expect(page.getByText('merged the lead Helio Twin into this one')).toBeVisible();
  expect((await page.request.get(`/api/v1/lead/${(await made.json() as { id: string }).id}/`)).status()).toBe(404);
});
