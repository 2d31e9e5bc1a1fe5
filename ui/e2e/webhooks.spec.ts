import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, expectAccessible, signIn, test } from './support';

const HEADERS = { 'X-Postroom': '1' };
let receiver: Server;
let url = '';
let answer = 200;
const taken: { signature: string | undefined; event: { object_type: string; action: string } }[] = [];

test.beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => { body += chunk; });
    request.on('end', () => {
      if (answer === 200) taken.push({ signature: request.headers['close-sig-hash'] as string | undefined, event: (JSON.parse(body) as { event: { object_type: string; action: string } }).event });
      response.writeHead(answer).end();
    });
  });
  await new Promise<void>((done) => { receiver.listen(0, '127.0.0.1', done); });
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
});
test.afterAll(() => { receiver.close(); });
test.beforeEach(() => { taken.length = 0; answer = 200; });

test('a program is added, tried, told of a new lead, paused and removed', async ({ page }) => {
  await signIn(page);
  const { data: left } = await (await page.request.get('/api/v1/webhook/')).json() as { data: { id: string }[] };
  for (const { id } of left) await page.request.delete(`/api/v1/webhook/${id}/`, { headers: HEADERS }); // of a try that failed
  await page.goto('/settings/webhooks');
  await expect(page.getByText('No program is told yet')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Add webhook' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Address').fill('http://10.0.0.1/hook');
  await dialog.getByLabel('Events', { exact: true }).first().click();
  await page.getByRole('option', { name: 'lead created', exact: true }).click();
  await page.getByRole('option', { name: 'activity.email sent', exact: true }).click();
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog.getByRole('alert')).toContainText('not a public address');
  await expectAccessible(page);
  await dialog.getByLabel('Address').fill(url);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByText('Your webhook is ready')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await expect(page.getByText('Nothing to tell yet')).toBeVisible();

  await page.getByRole('button', { name: `Send test: ${url}` }).click();
  await expect(page.getByText('The receiver has taken the test event.')).toBeVisible();
  const tried = taken.filter(({ event }) => event.action === 'test');
  expect(tried).toHaveLength(1);
  expect(tried[0]!.signature).toMatch(/^[0-9a-f]{64}$/);
  answer = 500;
  await page.getByRole('button', { name: `Send test: ${url}` }).click();
  await expect(page.getByText('The answer was 500.')).toBeVisible();
  answer = 200;

  const lead = await (await page.request.post('/api/v1/lead/', { data: { name: 'Told of' }, headers: HEADERS })).json() as { id: string };
  try {
    await expect.poll(() => taken.map(({ event }) => `${event.object_type} ${event.action}`), { timeout: 90_000 }).toContain('lead created');
  } finally { await page.request.delete(`/api/v1/lead/${lead.id}/`, { headers: HEADERS }); }
  // The receiver knows before the server has written down that it does.
  const written = async () => (await (await page.request.get('/api/v1/webhook/')).json() as { data: { url: string; date_delivered: string | null }[] }).data.find((each) => each.url === url)?.date_delivered;
  await expect.poll(written).toBeTruthy();
  await page.reload();
  await expect(page.getByText('Works')).toBeVisible();

  await page.getByRole('button', { name: `Pause: ${url}` }).click();
  await expect(page.getByText('Paused', { exact: true })).toBeVisible();
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page);
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/webhooks-dark.png` });
  await page.emulateMedia({ colorScheme: 'light' });
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/webhooks.png` });
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/webhooks-phone.png` });
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('button', { name: `Remove webhook: ${url}` }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('No program is told yet')).toBeVisible();
});
