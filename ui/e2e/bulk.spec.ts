/** A bulk email from its search to everybody, as a salesperson goes through it. */
import { ANNA, expect, expectAccessible, signIn, test } from './support';

const HEADERS = { 'X-Postroom': '1' };

test('a search, a template and a sender become personal emails', async ({ page }) => {
  test.setTimeout(400_000);
  await signIn(page, ANNA);
  const made = await page.request.post('/api/v1/email_template/', { headers: HEADERS, data: { name: 'Spring news', subject: 'Spring at {{ lead.name }}', body: '<p>Dear {{ contact.title }} {{ contact.first_name }},</p><p>spring is here.</p>' } });
  expect(made.status(), await made.text()).toBe(200);
  await page.goto('/bulk');
  await page.getByRole('link', { name: 'Bulk email' }).waitFor();
  await page.getByRole('button', { name: 'New bulk email' }).first().click();
  await page.getByText('Search', { exact: true }).last().click();
  await page.getByLabel('Search', { exact: true }).last().fill('*');
  await page.getByLabel('Template').first().fill('Spring');
  await page.getByRole('option', { name: 'Spring news' }).click();
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
  await expect(page.locator('main').getByText('Spring news').first()).toBeVisible();
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  await page.screenshot({ path: 'test-results/bulk-phone.png', fullPage: true });
});
