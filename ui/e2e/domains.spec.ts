import { expect, expectAccessible, signIn, test } from './support';

const DOMAIN = 'second.example';

test.beforeEach(async ({ page }) => {
  await signIn(page);
  await page.request.delete(`/api/v1/own_domain/${DOMAIN}/`, { headers: { 'X-Postroom': '1' } }); // what a try before this one left; 404 where there is nothing
});

test('an admin says that a domain is ours, sees why, and takes it back', async ({ page }) => {
  await page.goto('/settings/domains');
  await expect(page.getByText('acme.example', { exact: true })).toBeVisible();
  await expect(page.getByText(/sign in with addresses there/)).toBeVisible();
  await page.getByLabel('Another domain of your company').fill('gmail.com');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByText(/Anybody can have an address at gmail.com/).first()).toBeVisible();
  await page.getByLabel('Another domain of your company').fill(DOMAIN);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByText(/^Added by Anna/)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: `${DOMAIN}: Take back` }).click();
  await expect(page.getByText(DOMAIN, { exact: true })).toHaveCount(0);
});
