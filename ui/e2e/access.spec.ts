import { createHmac } from 'node:crypto';
import type { Browser, Page } from '@playwright/test';
import { expect, expectAccessible, password, PASSWORD, signIn, test } from './support';

const OWN_PLACES = ['/settings/mail', '/settings/shortcuts', '/settings/security', '/settings/keys', '/settings/people', '/settings/groups', '/settings/access-log'];
const MAIN_PLACES = ['/mail/inbox', '/mail/sent', '/leads', '/templates', '/settings/accounts', '/settings/accounts/new', '/settings/signature', '/settings/why', '/welcome', ...OWN_PLACES];
const STRANGERS_PLACES = ['/sign-in', '/forgot', '/join#nothing', '/new-password#nothing'];
const HEADERS = { 'X-Postroom': '1' };
const OWN_PASSWORD = 'a long password of mine';

/** What an authenticator app shows for a secret, some half minutes from now (RFC 6238). */
function codeOf(secret: string, steps = 0): string {
  const bits = [...secret.replace(/\s/g, '')].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const digest = createHmac('sha1', key).update(counter).digest();
  return String((digest.readUInt32BE(digest[19]! & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** For names of one attempt: a second one in the same demo does not meet what the first has left. */
const mark = () => Math.random().toString(36).slice(2, 8);

/** A browser of its own, without anybody's cookie. */
async function otherBrowser(browser: Browser, baseURL: string): Promise<Page> {
  return (await browser.newContext({ baseURL, locale: 'en-US' })).newPage();
}

test('a colleague is invited, comes by the link, turns two-factor on and signs in with a code', async ({ page, browser, baseURL }) => {
  test.setTimeout(400_000);
  const name = mark();
  const newcomer = `nia-${name}@acme.example`;
  const person = page.getByRole('listitem').filter({ hasText: newcomer });
  await signIn(page);
  try {
    await page.goto('/settings/people');
    await page.getByRole('button', { name: 'Invite' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Invite somebody' });
    await dialog.getByLabel('Email address').fill(newcomer);
    await dialog.getByLabel('First name').fill('Nia');
    await dialog.getByRole('button', { name: 'Make the invitation' }).click();
    const shown = page.getByRole('dialog', { name: /can join/ });
    const link = await shown.locator('code').innerText();
    await shown.getByRole('button', { name: 'Done' }).click();
    await expect(person.getByText('Invited', { exact: true })).toBeVisible();

    const hers = await otherBrowser(browser, baseURL!);
    await hers.goto(link);
    await expect(hers.getByRole('heading', { name: /^Join / })).toBeVisible();
    await hers.getByLabel('Last name').fill(`Novak ${name}`);
    await password(hers).fill(OWN_PASSWORD);
    await hers.getByRole('button', { name: 'Join', exact: true }).click();
    await expect(hers.getByRole('navigation', { name: 'Main' })).toBeVisible();

    await hers.goto('/settings/security');
    await hers.getByRole('button', { name: 'Set up' }).click();
    await expect(hers.getByRole('img', { name: /QR code/ })).toBeVisible();
    const secret = await hers.locator('code').first().innerText();
    await hers.getByLabel('The 6 digits that the app shows now').fill(codeOf(secret));
    await hers.getByRole('button', { name: 'Turn on' }).click();
    await expect(hers.getByText('Keep these recovery codes')).toBeVisible();
    const recovery = await hers.locator('ul li').filter({ hasText: /^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/ }).first().innerText();
    await hers.getByRole('button', { name: 'I have kept them' }).click();
    await expect(hers.getByText('10 recovery codes left')).toBeVisible();

    const phone = await otherBrowser(browser, baseURL!);
    await phone.goto('/sign-in');
    await phone.getByLabel('Email address').fill(newcomer);
    await password(phone).fill(OWN_PASSWORD);
    await phone.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(phone.getByRole('heading', { name: 'Your code' })).toBeVisible();
    await phone.getByLabel('Code').fill('000000');
    await phone.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(phone.getByText(/wrong or was used/)).toBeVisible();
    await phone.getByLabel('Code').fill(recovery);
    await phone.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(phone.getByRole('navigation', { name: 'Main' })).toBeVisible();

    await hers.goto('/settings/security');
    await hers.getByRole('button', { name: 'Sign out all others' }).click();
    await expect(hers.getByRole('button', { name: 'Sign out all others' })).toHaveCount(0);
    await phone.goto('/settings/keys');
    await expect(phone).toHaveURL(/sign-in/);
    await hers.context().close();
    await phone.context().close();

    // She leaves: everything ends at once, and the log has it all.
    await page.reload();
    await page.getByRole('button', { name: `More for Nia Novak ${name}` }).click();
    await page.getByRole('menuitem', { name: 'Deactivate' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Deactivate' }).click();
    await expect(page.locator('section').filter({ has: page.getByRole('heading', { name: 'Deactivated' }) }).getByText(newcomer)).toBeVisible();
    await page.goto('/settings/access-log');
    await expect(page.getByText(`Deactivated: Nia Novak ${name}`)).toBeVisible();
    await expect(page.getByRole('row').filter({ hasText: `Nia Novak ${name}` }).getByText('Recovery code used')).toBeVisible();
  } finally {
    await noLongerHere(page, newcomer);
  }
});

/** Whoever an attempt has let in does not stay: an invitation is withdrawn, a colleague deactivated. */
async function noLongerHere(page: Page, email: string): Promise<void> {
  const { data } = await (await page.request.get('/api/v1/membership/?_limit=200')).json() as { data: { id: string; user_email: string; status: string }[] };
  const member = data.find((one) => one.user_email === email);
  if (member?.status === 'invited') await page.request.delete(`/api/v1/membership/${member.id}/`, { headers: HEADERS });
  if (member?.status === 'active') await page.request.post(`/api/v1/membership/${member.id}/deactivate/`, { data: { accounts: 'stop' }, headers: HEADERS });
}

test('an API key is shown once, works, and is revoked', async ({ page, playwright, baseURL }) => {
  const name = `Nightly export ${mark()}`;
  await signIn(page);
  await page.goto('/settings/keys');
  await page.getByLabel('What is it for?').fill(name);
  await page.getByRole('button', { name: 'Create key' }).click();
  await expect(page.getByText('It is shown only now.')).toBeVisible();
  const key = await page.locator('code').first().innerText();
  const program = await playwright.request.newContext({ baseURL: baseURL!, extraHTTPHeaders: { Authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` } });
  expect((await program.get('/api/v1/me/')).status()).toBe(200);
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: `Revoke: ${name}` }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByText(name)).toHaveCount(0);
  expect((await program.get('/api/v1/me/')).status()).toBe(401);
});

test('a shortcut is rebound with a notice of the conflict, and holds in another browser', async ({ page, browser, baseURL }) => {
  await signIn(page);
  const asItComes = () => page.request.put('/api/v1/preferences/', { data: { shortcuts: {} }, headers: HEADERS });
  await asItComes();
  try {
    await page.goto('/settings/shortcuts');
    await page.getByRole('button', { name: 'Change: Keyboard shortcuts' }).click();
    await page.keyboard.press('r');
    await expect(page.getByText(/R belongs to “Reply”/)).toBeVisible();
    await page.getByRole('note').getByRole('button', { name: 'Cancel' }).click();
    const kept = page.waitForResponse((answer) => answer.url().includes('/preferences/') && answer.request().method() === 'PUT');
    await page.getByRole('button', { name: 'Change: Keyboard shortcuts' }).click();
    await page.keyboard.press('y');
    await expect(page.getByRole('button', { name: 'Reset: Keyboard shortcuts' })).toBeVisible();
    await kept;
    const other = await otherBrowser(browser, baseURL!);
    await signIn(other);
    await other.goto('/settings/keys');
    await expect(other.getByRole('heading', { name: 'API keys' })).toBeVisible();
    const help = other.getByRole('dialog').getByText('Keyboard shortcuts').first();
    await expect(async () => { // its own keys arrive with the preferences, at some moment after the page
      if (!await help.isVisible()) await other.keyboard.press('y');
      await expect(help).toBeVisible({ timeout: 2_000 });
    }).toPass({ timeout: 60_000 });
    await other.context().close();
    const reset = page.waitForResponse((answer) => answer.url().includes('/preferences/') && answer.request().method() === 'PUT');
    await page.getByRole('button', { name: 'Reset all' }).click();
    await reset;
  } finally {
    await asItComes();
  }
});

test('a forgotten password is answered alike for everybody', async ({ page }) => {
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await page.getByLabel('Email address').fill('nobody@acme.example');
  await page.getByRole('button', { name: 'Send the link' }).click();
  await expect(page.getByRole('status')).toContainText('nobody@acme.example');
});

test('a sensitive change asks for the password again, and then goes on by itself', async ({ page }) => {
  await signIn(page);
  await page.goto('/settings/keys');
  let asked = 0;
  await page.route('**/api/v1/api_key/', async (route) => {
    if (route.request().method() !== 'POST' || asked++) return route.continue();
    return route.fulfill({ status: 403, json: { errors: ['Give your password.'], 'field-errors': {}, error: 'Give your password.', remedy: 'confirm_password' } });
  });
  const name = `After the question ${mark()}`;
  await page.getByLabel('What is it for?').fill(name);
  await page.getByRole('button', { name: 'Create key' }).click();
  const dialog = page.getByRole('dialog', { name: 'Your password, once more' });
  await dialog.locator('input').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText('It is shown only now.')).toBeVisible();
  const { data } = await (await page.request.get('/api/v1/api_key/')).json() as { data: { id: string; name: string }[] };
  await page.request.delete(`/api/v1/api_key/${data.find((key) => key.name === name)!.id}/`, { headers: HEADERS });
});

for (const scheme of ['light', 'dark'] as const) {
  test(`people, sign-in and keys are accessible, ${scheme}`, async ({ page }) => {
    test.setTimeout(400_000);
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    for (const place of STRANGERS_PLACES) {
      await page.goto(place);
      await expect(page.locator('h1')).not.toBeEmpty();
      await expectAccessible(page);
    }
    await signIn(page);
    for (const place of OWN_PLACES) {
      await page.goto(place);
      await expect(page.locator('h1')).toBeVisible();
      await expect(page.locator('[aria-busy=true], .mantine-Skeleton-root')).toHaveCount(0);
      if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/${scheme}${place.replaceAll('/', '-')}.png` });
      await expectAccessible(page);
    }
  });
}

for (const width of [1440, 390]) {
  test(`two fifths longer texts break nothing at ${width} px`, async ({ page }) => {
    test.setTimeout(400_000);
    await page.setViewportSize({ width, height: 844 });
    await page.addInitScript(() => { if (top === self) localStorage.setItem('postroom-language', 'pseudo'); });
    await signIn(page);
    await page.request.put('/api/v1/preferences/', { data: { language: null }, headers: HEADERS }); // a language that is kept there would be spoken
    for (const place of MAIN_PLACES) {
      await page.goto(place);
      await expect(page.locator('h1')).toBeVisible();
      await expect(page.locator('[aria-busy=true], .mantine-Skeleton-root')).toHaveCount(0);
      if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/pseudo-${width}${place.replaceAll('/', '-')}.png` });
      expect(await page.evaluate(() => document.documentElement.scrollWidth), place).toBeLessThanOrEqual(width);
      expect(await page.evaluate(cutButtons), `buttons whose text is cut on ${place}`).toEqual([]);
    }
  });
}

/** Buttons that show less than their text. */
function cutButtons(): string[] {
  return [...document.querySelectorAll('main button .mantine-Button-label, main a')].filter((element) => element.scrollWidth > element.clientWidth + 1)
    .map((element) => element.textContent ?? '').filter((text) => text.startsWith('['));
}
