import { dock, expect, expectAccessible, signIn, test } from './support';

const HEADERS = { 'X-Postroom': '1' };

test.beforeEach(async ({ page }) => { await signIn(page); });

type Item = { id: string; object_id: string; n_emails: number; lead_id: string };
type Email = { id: string; status: string; subject: string; body_text: string };

test('the key for an answer answers the newest email of a conversation', async ({ page }) => {
  const answer = await page.request.get('/api/v1/task/?_type=incoming_email&view=inbox&assigned_to=me&_limit=50');
  const items = (await answer.json() as { data: Item[] }).data;
  const item = items.find((one) => one.n_emails > 1)!;
  const { emails } = await (await page.request.get(`/api/v1/activity/emailthread/${item.object_id}/`)).json() as { emails: Email[] };
  // A draft that an attempt before this one has left would be gone on with.
  for (const { id } of emails.filter(({ status }) => status === 'draft')) await page.request.delete(`/api/v1/activity/email/${id}/`, { headers: HEADERS });
  const newest = emails.find((email) => email.status !== 'draft')!;
  const { body_text: words } = await (await page.request.get(`/api/v1/activity/email/${newest.id}/`)).json() as Email;
  await page.goto(`/mail/inbox?t=${item.id}`);
  await expect(page.getByRole('button', { name: 'Done', exact: true })).toBeVisible();
  await expect(page.locator('article iframe').last()).toBeVisible();
  const drafted = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/api/v1/activity/email/'));
  await page.keyboard.press('r');
  await page.keyboard.type('To the newest.');
  expect(JSON.parse((await drafted).postData()!)).toMatchObject({ in_reply_to_id: newest.id });
  await expect(dock(page).getByText(/^Saved/)).toBeVisible();
  expect(words).not.toBe('');
  await dock(page).getByRole('button', { name: 'Discard' }).click();
  await expect(dock(page)).toHaveCount(0);
});

test('the original of an email is shown, says where it is from, and is fetched as a file', async ({ page }) => {
  const answer = await page.request.get('/api/v1/task/?_type=incoming_email&view=inbox&assigned_to=me&_limit=1');
  const [item] = (await answer.json() as { data: Item[] }).data;
  await page.goto(`/mail/inbox?t=${item!.id}`);
  await expect(page.locator('article iframe').last()).toBeVisible();
  await page.keyboard.press('Shift+O');
  const original = page.getByRole('dialog', { name: 'Original' });
  await expect(original.getByText('Byte for byte what the mail server keeps.')).toBeVisible();
  await expect(original.getByText('Message-ID')).toBeVisible();
  await expectAccessible(page);
  const file = page.waitForEvent('download');
  await original.getByRole('link', { name: 'Download .eml' }).click();
  expect((await file).suggestedFilename()).toMatch(/\.eml$/);
  await original.getByRole('tab', { name: 'Source' }).click();
  await expect(original.getByText(/^From:/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(original).toHaveCount(0);
});

test('what was only written down is named a reconstruction', async ({ page }) => {
  const { data: [lead] } = await (await page.request.get('/api/v1/lead/?query=Helio')).json() as { data: { id: string }[] };
  const made = await page.request.post('/api/v1/activity/email/', {
    data: { lead_id: lead!.id, status: 'inbox', sender: 'paul@helio.example', to: ['anna@acme.example'], subject: 'Told by phone', body_text: 'Yes.' }, headers: HEADERS,
  });
  const { id } = await made.json() as { id: string };
  await page.goto(`/leads/${lead!.id}`);
  const thread = page.getByRole('region', { name: 'Timeline' }).locator('section').filter({ hasText: 'Told by phone' }).first();
  const head = thread.getByRole('button').first();
  const more = thread.getByRole('button', { name: 'More actions' });
  await expect(async () => { // the newest conversation opens by itself
    if (await head.getAttribute('aria-expanded') === 'false') await head.click();
    await expect(more).toBeVisible({ timeout: 3_000 });
  }).toPass();
  await more.click();
  await page.getByRole('menuitem', { name: 'Show original' }).click();
  await expect(page.getByRole('dialog', { name: 'Original' }).getByText('A reconstruction, not the original')).toBeVisible();
  await page.request.delete(`/api/v1/activity/email/${id}/`, { headers: HEADERS });
});

test('a conversation is moved to another lead by keys, and comes back with one', async ({ page }) => {
  const answer = await page.request.get('/api/v1/task/?_type=incoming_email&view=inbox&assigned_to=me&_limit=50');
  const items = (await answer.json() as { data: (Item & { lead_name: string })[] }).data;
  const item = items.find((one) => !one.lead_name.startsWith('Northwind'))!;
  const leadOf = async () => (await (await page.request.get(`/api/v1/activity/emailthread/${item.object_id}/`)).json() as { lead_id: string }).lead_id;
  await page.goto(`/mail/inbox?t=${item.id}`);
  await expect(page.locator('article iframe').last()).toBeVisible();
  await page.keyboard.press('v');
  await page.keyboard.type('Northwind'); // at once: letters that come before the dialog are not commands
  await page.getByRole('option', { name: 'Northwind Bakery', exact: true }).waitFor();
  await page.keyboard.press('Enter');
  await expect(page.getByText(`Moved here from ${item.lead_name}`)).toBeVisible();
  expect(await leadOf()).not.toBe(item.lead_id);
  await expectAccessible(page);
  await page.keyboard.press('z');
  await expect(page.getByText(`Moved here from ${item.lead_name}`)).toHaveCount(0);
  await expect.poll(leadOf).toBe(item.lead_id);
});
