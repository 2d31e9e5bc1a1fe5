import { dock, expect, expectAccessible, openInbox, password, row, signIn, test } from './support';

const PLACES = ['/mail/inbox', '/tasks', '/leads', '/settings/accounts', '/settings/accounts/new', '/settings/sign-ins', '/settings/proposals', '/settings/health', '/settings/why', '/settings/mail', '/settings/fields', '/welcome'];

test.beforeEach(async ({ page }) => { await signIn(page); });

for (const scheme of ['light', 'dark'] as const) {
  test(`every place is accessible, ${scheme}`, async ({ page }) => {
    test.setTimeout(400_000);
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    for (const place of PLACES) {
      await page.goto(place);
      await expect(page.locator('h1')).toBeVisible();
      await expectAccessible(page);
    }
    await openInbox(page);
    await page.keyboard.press('j');
    await expect(page.locator('iframe').last()).toBeVisible();
    await page.keyboard.press('r');
    await expect(dock(page).or(page.getByRole('dialog')).first()).toBeVisible();
    await expectAccessible(page);
    await page.goto('/leads');
    await page.getByText('Helio Solar').click();
    await expect(page.locator('article iframe').first()).toBeVisible();
    await expectAccessible(page);
    await page.goto('/settings/accounts');
    await page.getByRole('listitem').getByRole('link').first().click();
    await expect(page.getByText('The ledger')).toBeVisible();
    await expectAccessible(page);
  });
}

test('a telephone shows no place wider than itself, and the conversation has a way back', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const place of PLACES) {
    await page.goto(place);
    await expect(page.locator('h1')).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth), place).toBeLessThanOrEqual(390);
  }
  await page.goto('/mail/inbox');
  await row(page, 0).click();
  await expect(page.locator('iframe').last()).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.goBack();
  await expect(row(page, 0)).toBeVisible();
});

test('on a telephone one button leads to every page of the settings', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/settings/mail');
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  const choices = page.getByRole('dialog', { name: 'Settings' });
  await expect(choices.getByRole('link', { name: 'Access log' })).toBeVisible();
  await choices.getByRole('link', { name: 'API keys' }).click();
  await expect(page.getByRole('heading', { name: 'API keys' })).toBeVisible();
  await expect(choices).toHaveCount(0);
});

test('German is chosen by the browser, and kept when chosen by hand', async ({ browser }) => {
  const context = await browser.newContext({ locale: 'de-DE' });
  const page = await context.newPage();
  await signIn(page);
  const asTheBrowserSays = () => page.request.put('/api/v1/preferences/', { data: { language: null }, headers: { 'X-Postroom': '1' } });
  await asTheBrowserSays();
  await page.goto('/mail/inbox');
  await expect(page.getByRole('heading', { name: 'Posteingang' })).toBeVisible();
  await page.goto('/settings/mail');
  const kept = page.waitForResponse((answer) => answer.url().includes('/preferences/') && answer.request().method() === 'PUT');
  await page.getByRole('combobox', { name: 'Sprache' }).click();
  await page.getByRole('option', { name: 'English' }).click();
  await expect(page.getByRole('heading', { name: 'Preferences' })).toBeVisible();
  await kept;
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Preferences' })).toBeVisible();
  await asTheBrowserSays();
  await context.close();
});

test('without a session every place asks to sign in, and leads back to where one was', async ({ browser }) => {
  const page = await (await browser.newContext()).newPage();
  await page.goto('/settings/mail');
  await expect(page).toHaveURL(/sign-in/);
  await page.getByLabel('Email address').fill('anna@acme.example');
  await password(page).fill('postroom-demo');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/settings\/mail/);
});
