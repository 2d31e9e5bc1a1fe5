import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { APIRequestContext } from '@playwright/test';
import { ANNA, expect, expectAccessible, signIn, test } from './support';

const HEADERS = { 'X-Postroom': '1' };

let provider: ChildProcess;
let url = '';

test.beforeAll(async () => {
  provider = spawn(process.env.PYTHON ?? '.venv/bin/python', ['-m', 'tests.servers.oauth'], { cwd: '..', stdio: ['pipe', 'pipe', 'ignore'] });
  const [line] = await once(provider.stdout!, 'data') as [Buffer];
  url = line.toString().trim();
});
test.afterAll(async () => {
  const gone = once(provider, 'exit');
  provider.stdin!.end();
  await gone;
});
test.beforeEach(async ({ page }) => {
  await signIn(page);
  await takeAway(page.request); // what a try that failed has left
});
test.afterEach(async ({ page }) => { await takeAway(page.request); });

async function takeAway(request: APIRequestContext): Promise<void> {
  const { data: accounts } = await (await request.get('/api/v1/connected_account/')).json() as { data: { id: string; email: string }[] };
  for (const { id, email } of accounts) if (email === 'carla@acme.example') await request.delete(`/api/v1/connected_account/${id}/`, { headers: HEADERS });
  const { data: clients } = await (await request.get('/api/v1/oauth_client/')).json() as { data: { provider: string }[] };
  for (const { provider: name } of clients) await request.delete(`/api/v1/oauth_client/${name}/`, { headers: HEADERS });
}

test('an admin registers a provider, and an account is connected, lost and signed in again', async ({ page }) => {
  const { data: accounts } = await (await page.request.get('/api/v1/connected_account/')).json() as { data: { email: string; imap: { port: number } }[] };
  const mail = accounts.find(({ email }) => email === ANNA);
  await page.goto('/settings/accounts');
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Sign-in at providers' }).click();
  await page.getByRole('button', { name: 'Another provider' }).click();
  await page.getByLabel('Short name').fill('house');
  await page.getByLabel('Name on buttons').fill('House');
  await page.getByLabel('Client id').fill('postroom');
  await page.getByLabel('Client secret').fill('client-secret');
  await page.getByLabel('Authorization address').fill(`${url}/oauth2/authorize`);
  await page.getByLabel('Token address').fill(`${url}/oauth2/token`);
  await page.getByLabel('Receiving (IMAP)').fill(`127.0.0.1:${mail!.imap.port}`);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('set, never shown')).toBeVisible();
  await expectAccessible(page);

  const left = await page.request.post('/api/v1/connected_account/sign_in/', { data: { provider: 'house', features: ['sync'] }, headers: HEADERS });
  await page.goto((await left.json() as { url: string }).url);
  await agree(page, 'carla@acme.example');
  await expect(page.getByText('carla@acme.example is connected.')).toBeVisible();

  await page.getByRole('link', { name: /carla@acme.example/ }).click();
  await page.getByRole('tab', { name: 'Servers' }).click();
  await page.getByRole('button', { name: 'Sign in at House again' }).first().click();
  await agree(page, 'somebody@acme.example');
  await expect(page.getByRole('alert').filter({ hasText: 'You signed in as somebody@acme.example' })).toBeVisible();

  await page.goto('/settings/sign-ins');
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(page.getByText(/1 account signs in with it/).first()).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('set, never shown')).toHaveCount(0);
});

test('what was found for an address is shown before it is used', async ({ page }) => {
  await page.goto('/settings/accounts/new');
  await page.getByLabel('Your email address, or the name of the provider').fill('someone@gmail.com');
  await expect(page.getByText('imap.gmail.com:993')).toBeVisible();
  await expect(page.getByText('Signing in at Google itself is not set up yet')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Use an app password' }).click();
  await expect(page.getByLabel('Email address')).toHaveValue('someone@gmail.com');
});

test('a provider that takes no passwords asks for none, and leads an admin to where it is registered', async ({ page }) => {
  await page.goto('/settings/accounts/new');
  await page.getByRole('button', { name: /Microsoft 365/ }).click();
  await expect(page.getByRole('heading', { name: 'Microsoft 365 takes no passwords' })).toBeVisible();
  await expect(page.locator('input[type=password]')).toHaveCount(0);
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Register at Microsoft 365' }).click();
  await expect(page.getByRole('heading', { name: 'Sign-in at providers' })).toBeVisible();
});

test('with a client registered, Google is continued with, and only what was ticked is asked for', async ({ page }) => {
  await page.request.put('/api/v1/oauth_client/google/', { data: { client_id: 'abc.apps', client_secret: 'x' }, headers: HEADERS });
  await page.goto('/settings/accounts/new');
  await page.getByLabel('Your email address, or the name of the provider').fill('someone@gmail.com');
  await page.getByLabel('Send', { exact: true }).uncheck();
  const asked = page.waitForRequest((request) => request.url().endsWith('/connected_account/sign_in/'));
  await page.route('https://accounts.google.com/**', (route) => route.fulfill({ body: 'the page of the provider' }));
  await page.getByRole('button', { name: 'Continue with Google' }).click();
  expect((await asked).postDataJSON()).toMatchObject({ provider: 'google', features: ['sync'], email: 'someone@gmail.com' });
  await expect(page).toHaveURL(/accounts\.google\.com.*login_hint=someone/);
});

async function agree(page: import('@playwright/test').Page, email: string): Promise<void> {
  await page.locator('input[name=sub]').fill(email);
  await page.locator('button[type=submit]').first().click();
}

