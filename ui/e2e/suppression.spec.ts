import type { APIRequestContext } from '@playwright/test';
import { expect, expectAccessible, signIn, test } from './support';

const HEADERS = { 'X-Postroom': '1' };

test.beforeEach(async ({ page }) => {
  await signIn(page);
  await asItComes(page.request); // a try that failed may have left it otherwise
});
test.afterEach(async ({ page }) => { await asItComes(page.request); });

async function asItComes(request: APIRequestContext): Promise<void> {
  await request.put('/api/v1/unsubscribe/settings/', { data: { mode: 'on' }, headers: HEADERS });
  const { data: domains } = await (await request.get('/api/v1/sending_domain/')).json() as { data: { domain: string; keys: unknown[] }[] };
  for (const { domain, keys } of domains) if (keys.length) await request.delete(`/api/v1/sending_domain/${domain}/dkim/`, { headers: HEADERS });
  for (const email of ['eve@beta.example', 'carl@bolt.example']) await request.delete(`/api/v1/suppression/manual/${email}/`, { headers: HEADERS });
}

test('an address is put on the list, found, and taken off after a question', async ({ page }) => {
  await page.goto('/settings/suppression');
  await page.getByRole('button', { name: 'Add address' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Email address').fill('eve@beta.example');
  await dialog.getByLabel('Reason').fill('asked by telephone');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Add address' }).click();
  await expect(page.getByText('eve@beta.example gets no more bulk email.')).toBeVisible();
  await page.getByLabel('Search addresses').fill('BETA');
  await expect(page.getByText('asked by telephone')).toBeVisible();
  await page.getByLabel('Search addresses').fill('nobody');
  await expect(page.getByText('No such address')).toBeVisible();
  await page.getByLabel('Search addresses').fill('');
  await page.getByRole('button', { name: 'Take eve@beta.example off the list' }).click();
  await page.getByRole('button', { name: 'Take off the list' }).last().click();
  await expect(page.getByText('eve@beta.example may get bulk email again.')).toBeVisible();
});

test('unsubscribing is set by an admin, and keys are made and removed', async ({ page }) => {
  await page.goto('/settings/suppression');
  await page.getByLabel('Required').check();
  await expect(page.getByText('Saved')).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Required')).toBeChecked();
  await expect(page.getByText('Saved')).toHaveCount(0); // that was before the page was loaded anew
  await page.getByLabel('With every bulk email').check();
  await expect(page.getByText('Saved')).toBeVisible();
  await page.getByRole('button', { name: 'Make DKIM keys' }).first().click();
  await expect(page.getByText('does not sign yet')).toBeVisible();
  await expect(page.getByText(/^v=DKIM1; k=rsa; p=/)).toBeVisible();
  await page.getByRole('button', { name: 'Remove keys' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove keys' }).click();
  await expect(page.getByRole('button', { name: 'Make DKIM keys' }).first()).toBeVisible();
});

test('whoever writes to somebody who unsubscribed is told so', async ({ page }) => {
  await page.request.post('/api/v1/unsubscribe/email/', { data: { email: 'zoe@elsewhere.example' }, headers: HEADERS });
  await page.goto('/leads');
  await page.getByRole('button', { name: 'Compose' }).click();
  await page.getByLabel('To', { exact: true }).fill('zoe@elsewhere.example');
  await page.keyboard.press('Enter');
  await expect(page.getByText('zoe@elsewhere.example asked for no more bulk email.')).toBeVisible();
});

for (const scheme of ['light', 'dark'] as const) {
  test(`the page is accessible and fits a telephone, ${scheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    for (const [email, kind] of [['bob@bolt.example', 'email'], ['a.very.long.address.of.somebody@a-rather-long-company-name.example', 'email']] as const) {
      await page.request.post(`/api/v1/unsubscribe/${kind}/`, { data: { email }, headers: HEADERS });
    }
    await page.request.post('/api/v1/suppression/', { data: { email: 'carl@bolt.example', reason: '550 5.1.1 The email account that you tried to reach does not exist. Please try double-checking the recipient address for typos or unnecessary spaces.' }, headers: HEADERS });
    await page.goto('/settings/suppression');
    await expect(page.getByText('bob@bolt.example')).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Make DKIM keys' }).first().click();
    await expect(page.getByText('does not sign yet')).toBeVisible();
    await expectAccessible(page);
    await page.screenshot({ path: test.info().outputPath(`wide-${scheme}.png`), fullPage: false });
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.screenshot({ path: test.info().outputPath(`phone-${scheme}.png`) });
    await page.getByRole('button', { name: 'Remove keys' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove keys' }).click();
    await expect(page.getByRole('button', { name: 'Make DKIM keys' }).first()).toBeVisible();
  });
}
