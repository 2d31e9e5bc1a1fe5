import type { Page } from '@playwright/test';
import { ANNA, expect, expectAccessible, password, PASSWORD, signIn, test } from './support';

type Listed = { id: string; email: string; imap: { port: number }; smtp: { port: number } };
const headers = { 'X-Postroom': '1' };
const DORA = 'dora@acme.example';

const accounts = async (page: Page) => (await (await page.request.get('/api/v1/connected_account/')).json() as { data: Listed[] }).data;
const annas = async (page: Page) => (await accounts(page)).find(({ email }) => email === ANNA)!;

/** As the demo comes, whatever this attempt, or one that stopped in its middle, has done. */
async function asItComes(page: Page): Promise<void> {
  for (const { id } of (await accounts(page)).filter(({ email }) => email === DORA)) await page.request.delete(`/api/v1/connected_account/${id}/`, { headers });
  const { id } = await annas(page);
  await page.request.put(`/api/v1/connected_account/${id}/`, { data: { link_by_domain: false, coworkers_see: 'everything', sync_enabled: true }, headers });
  await page.request.put(`/api/v1/connected_account/${id}/identities/`, { data: [], headers });
  await page.request.put('/api/v1/exclude_patterns/', { data: [], headers });
}

test.beforeEach(async ({ page }) => { await signIn(page); });
test.afterEach(async ({ page }) => { await asItComes(page); });

test('the books of every folder are even', async ({ page }) => {
  await page.goto('/settings/accounts');
  await page.getByText(ANNA).click();
  await expect(page.getByText('Up to date')).toBeVisible({ timeout: 90_000 });
  await expect(page.getByText('The ledger')).toBeVisible();
  const inbox = page.getByRole('row').filter({ hasText: 'INBOX' });
  await expect(inbox.getByLabel('Every message is accounted for')).toBeVisible();
  await page.getByRole('button', { name: 'Sync now' }).click();
  await expect(page.getByText('The mailbox is being read.')).toBeVisible();
});

test('a connection test tells receiving and sending apart', async ({ page }) => {
  const account = await annas(page);
  await page.goto('/settings/accounts/new');
  await page.getByRole('button', { name: /Own mail server/ }).click();
  await page.getByLabel('Email address').fill(ANNA);
  await password(page).fill(PASSWORD);
  const servers = page.getByLabel('Server and port');
  await servers.nth(0).fill(`127.0.0.1:${account.imap.port}`);
  await servers.nth(1).fill(`127.0.0.1:${account.smtp.port}`);
  for (const index of [0, 1]) {
    await page.getByRole('combobox', { name: 'Encryption' }).nth(index).click();
    await page.getByRole('option', { name: 'None', exact: true }).click();
  }
  await page.getByLabel('Sending has its own user name and password').check();
  await page.getByLabel('User name').nth(1).fill(ANNA);
  await password(page, 1).fill('wrong');
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.getByRole('heading', { name: 'Receiving (IMAP) works' })).toBeVisible({ timeout: 90_000 });
  await expect(page.getByRole('heading', { name: 'Sending (SMTP) fails' })).toBeVisible();
});

test('rules and aliases are kept', async ({ page }) => {
  const account = await annas(page);
  await page.goto(`/settings/accounts/${account.id}?tab=rules`);
  const patterns = page.getByRole('combobox', { name: /In every account/ });
  await patterns.fill('noreply@*');
  await patterns.press('Enter');
  await expect(page.getByText(/Would have left out \d+ of \d+ logged emails/)).toBeVisible();
  const saved = page.waitForResponse((answer) => answer.url().endsWith('/api/v1/exclude_patterns/') && answer.request().method() === 'PUT');
  await page.getByRole('button', { name: 'Save' }).click();
  expect((await saved).status()).toBe(200);
  await expect(page.getByRole('button', { name: 'Save' })).toHaveCount(0); // the other one is for the aliases
  await expect(page.getByText('noreply@*').first()).toBeVisible();
  await page.getByRole('button', { name: 'Add an alias' }).click();
  await page.getByLabel('Alias 1', { exact: true }).fill('sales@acme.example');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved').first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save' })).toHaveCount(0);
  await expect(page.getByLabel('Alias 1', { exact: true })).toHaveValue('sales@acme.example');
  await page.reload();
  await expect(page.getByText('noreply@*').first()).toBeVisible();
  await expect(page.getByLabel('Alias 1', { exact: true })).toHaveValue('sales@acme.example');
});

test('the ledger says why an email is here', async ({ page }) => {
  await page.goto('/settings/why');
  await page.getByLabel('Message-ID, address or subject').fill('paul.ferrer@helio.example');
  await page.getByRole('button', { name: 'Look up' }).click();
  await expect(page.getByText('It is logged.').first()).toBeVisible();
  await expect(page.getByRole('link', { name: 'Helio Solar' }).first()).toBeVisible();
});

test('a broken account says what to do, is tested as it stands, and its drafts can go elsewhere', async ({ page }) => {
  const account = await annas(page);
  const imap = { host: '127.0.0.1', port: account.imap.port, encryption: 'none', password: 'wrong' };
  const smtp = { host: '127.0.0.1', port: account.smtp.port, encryption: 'none', password: 'wrong' };
  const made = await (await page.request.post('/api/v1/connected_account/', { data: { email: DORA, imap, smtp }, headers })).json() as { id: string };
  await page.goto(`/settings/accounts/${made.id}`);
  const notice = page.getByRole('alert').filter({ hasText: DORA });
  await expect(notice.getByText('The user name or the password is wrong.')).toBeVisible({ timeout: 90_000 });
  await expectAccessible(page);
  await notice.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.getByRole('heading', { name: 'Receiving (IMAP) fails' })).toBeVisible({ timeout: 90_000 });
  await page.getByRole('tab', { name: 'Remove' }).click();
  await expect(page.getByText('No drafts and no scheduled emails are waiting')).toBeVisible();
});

test('proposals by company are switched on, decided and linked', async ({ page }) => {
  const account = await annas(page);
  await page.goto(`/settings/accounts/${account.id}?tab=rules`);
  await page.getByLabel('Propose by company').click({ force: true });
  await expect(page.getByText('Saved')).toBeVisible();
  await page.goto('/settings/proposals');
  await expect(page.getByRole('heading', { name: 'Proposals' })).toBeVisible();
  await expectAccessible(page);
});

test('an alias of another domain waits for its code', async ({ page }) => {
  const account = await annas(page);
  await page.request.put(`/api/v1/connected_account/${account.id}/identities/`, { data: [{ email: 'anna@other.example', name: '' }], headers });
  await page.goto(`/settings/accounts/${account.id}?tab=rules`);
  await page.getByRole('button', { name: 'Prove it' }).click();
  await expect(page.getByLabel('Code for anna@other.example')).toBeVisible({ timeout: 90_000 });
  await expectAccessible(page);
});

test('what coworkers see is chosen for an account', async ({ page }) => {
  const account = await annas(page);
  await page.goto(`/settings/accounts/${account.id}?tab=general`);
  const saved = page.waitForResponse((answer) => answer.request().method() === 'PUT' && answer.url().includes(`/connected_account/${account.id}/`));
  await page.getByRole('radio', { name: 'Who and when' }).click();
  expect((await (await saved).json() as { coworkers_see: string }).coworkers_see).toBe('metadata');
  await page.getByRole('radio', { name: 'Everything' }).click();
  await expect.poll(async () => (await (await page.request.get(`/api/v1/connected_account/${account.id}/`)).json() as { coworkers_see: string }).coworkers_see).toBe('everything');
});

test('a dry run counts by lead before anything is logged', async ({ page }) => {
  const account = await annas(page);
  await page.request.put(`/api/v1/connected_account/${account.id}/`, { data: { sync_enabled: false }, headers });
  await page.goto(`/settings/accounts/${account.id}`);
  await page.getByRole('button', { name: 'See what would be logged' }).click();
  await expect(page.getByText(/\d+ of \d+ messages would be logged/)).toBeVisible({ timeout: 90_000 });
  await page.getByRole('button', { name: 'Start syncing' }).click();
  await expect(page.getByText('Not syncing yet')).toHaveCount(0);
});
