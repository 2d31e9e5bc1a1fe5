import type { Page } from '@playwright/test';
import { BEN, expect, FRESH, password, PASSWORD, signIn, test } from './support';

type Listed = { data: { imap: { port: number }; smtp: { port: number } }[] };

const NEW_PASSWORD = 'a long enough password';
const HEADERS = { 'X-Postroom': '1' };

async function setUp(page: Page): Promise<void> {
  await page.goto(FRESH);
  await expect(page).toHaveURL(/\/setup$/);
  await page.getByLabel('Organization').fill('Fresh & Co');
  await page.getByLabel('First name').fill('Ben');
  await page.getByLabel('Last name').fill('Newcomer');
  await page.getByLabel('Email address').fill(BEN);
  await password(page).fill(NEW_PASSWORD);
  await page.getByRole('button', { name: 'Create and continue' }).click();
}

/** An installation is set up once: another attempt goes on from there, with neither accounts nor leads. */
async function emptied(page: Page): Promise<void> {
  const signedIn = await page.request.post(`${FRESH}/api/v1/auth/sign_in/`, { data: { email: BEN, password: NEW_PASSWORD }, headers: HEADERS });
  expect(signedIn.status(), await signedIn.text()).toBe(200);
  for (const kind of ['lead', 'connected_account']) {
    const { data } = await (await page.request.get(`${FRESH}/api/v1/${kind}/`)).json() as { data: { id: string }[] };
    for (const { id } of data) await page.request.delete(`${FRESH}/api/v1/${kind}/${id}/`, { headers: HEADERS });
  }
  await page.goto(`${FRESH}/welcome`);
}

test('from an empty installation to a contact whose past emails are there', async ({ page }) => {
  await signIn(page); // at the demo, whose mail server the newcomer uses
  const { data: [anna] } = await (await page.request.get('/api/v1/connected_account/')).json() as Listed;
  const { needs_setup: isNew } = await (await page.request.get(`${FRESH}/api/v1/auth/state/`)).json() as { needs_setup: boolean };
  if (isNew) await setUp(page); else await emptied(page);

  await expect(page.getByRole('heading', { name: 'Welcome, Ben' })).toBeVisible();
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByRole('button', { name: /Own mail server/ }).click();
  await page.getByLabel('Email address').fill('anna@acme.example');
  await password(page).fill(PASSWORD);
  await page.getByLabel('Server and port').nth(0).fill(`127.0.0.1:${anna!.imap.port}`);
  await page.getByLabel('Server and port').nth(1).fill(`127.0.0.1:${anna!.smtp.port}`);
  for (const index of [0, 1]) {
    await page.getByRole('combobox', { name: 'Encryption' }).nth(index).click();
    await page.getByRole('option', { name: 'None', exact: true }).click();
  }
  await page.getByRole('button', { name: 'Save account' }).click();
  await expect(page.getByText('The ledger')).toBeVisible({ timeout: 90_000 });

  await page.getByRole('button', { name: 'Add a contact' }).click(); // the next step is offered where one is
  const dialog = page.getByRole('dialog', { name: 'New lead' });
  await dialog.getByLabel('Company or organization').fill('Helio');
  await dialog.getByLabel("Contact's name").fill('Paul Ferrer');
  await dialog.getByLabel("Contact's email address").fill('paul.ferrer@helio.example');
  await dialog.getByRole('button', { name: 'Create lead' }).click();
  // Nobody reloads: the history appears by itself.
  await expect(page.getByRole('region', { name: 'Timeline' }).locator('section').first()).toBeVisible({ timeout: 90_000 });

  await page.getByRole('button', { name: 'Organization, language and sign out' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await page.getByLabel('Email address').fill(BEN);
  await password(page).fill('a wrong password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
});
