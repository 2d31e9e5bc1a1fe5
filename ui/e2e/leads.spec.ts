import { expect, signIn, test } from './support';

/** For names of one attempt: a second one in the same demo does not meet what the first has left. */
const mark = () => Math.random().toString(36).slice(2, 8);

test.beforeEach(async ({ page }) => { await signIn(page); });

test('a lead is made with its contact, found by address, changed and deleted', async ({ page }) => {
  const own = mark();
  const name = `Quay & Sons ${own}`;
  const office = `office@quay-${own}.example`;
  await page.goto('/leads');
  await expect(page.getByText('Helio Solar')).toBeVisible();
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'New lead' });
  await dialog.getByLabel('Company or organization').fill(name);
  await dialog.getByLabel("Contact's name").fill('Ida Quay');
  await dialog.getByLabel("Contact's email address").fill(`ida@quay-${own}.example`);
  await dialog.getByRole('button', { name: 'Create lead' }).click();
  await expect(page.getByRole('heading', { name })).toBeVisible();
  await expect(page.getByText('No emails yet')).toBeVisible();

  await page.getByRole('button', { name: 'Edit Ida Quay' }).click();
  await page.getByRole('button', { name: 'Another address' }).click();
  await page.getByLabel('Email address 2').fill(office);
  await page.getByRole('button', { name: 'A telephone number' }).click();
  await page.getByLabel('Telephone number 1').fill('+44 20 7946 0018');
  await page.getByRole('button', { name: 'A link' }).click();
  await page.getByLabel('Link 1').fill('javascript:alert(1)//quay.example');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText(office)).toBeVisible();
  await expect(page.getByRole('link', { name: '+44 20 7946 0018' })).toHaveAttribute('href', 'tel:+442079460018');
  await expect(page.getByRole('link', { name: 'quay.example' })).toHaveAttribute('href', /^https:/);

  await expect.poll(async () => (await (await page.request.get(`/api/v1/lead/?query=${office}`)).json() as { total_results: number }).total_results).toBe(1);
  await page.getByRole('link', { name: 'Back to the leads' }).click();
  await expect(page.getByRole('combobox', { name: /^Search leads/ })).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type(`office@quay-${own}`);
  await expect(page.getByRole('list', { name: 'Leads' }).getByRole('listitem')).toHaveCount(1);
  await page.getByText(name).click();
  await page.getByRole('button', { name: 'More actions' }).first().click();
  await page.getByRole('menuitem', { name: 'Delete lead' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete lead' }).click();
  await expect(page).toHaveURL(/\/leads$/);
  await expect(page.getByText(name)).toHaveCount(0);
});

test('the timeline shows conversations, newest first, and opens them', async ({ page }) => {
  await page.goto('/leads');
  await page.getByText('Helio Solar').click();
  const threads = page.getByRole('region', { name: 'Timeline' }).locator('section');
  await expect(threads.first().locator('article').first()).toBeVisible();
  await expect(threads.nth(1).locator('article')).toHaveCount(0);
  await threads.nth(1).getByRole('button').first().click();
  await expect(threads.nth(1).locator('article').last().locator('iframe')).toBeVisible();
  await expect(async () => { // an email that comes meanwhile goes to its place
    const dates = await threads.locator('> div > a time').evaluateAll((times) => times.map((time) => time.getAttribute('datetime')!));
    expect(dates).toEqual(dates.toSorted().toReversed());
  }).toPass();
});

test('the timeline is narrowed to one kind, and each entry has an address of its own', async ({ page }) => {
  const made = await (await page.request.post('/api/v1/lead/', { data: { name: 'Lane & Line', contacts: [{ name: 'Lou Lane' }] }, headers: { 'X-Postroom': '1' } })).json() as { id: string };
  try {
    for (const note of ['First call went well.', 'They want two.']) await page.request.post('/api/v1/activity/note/', { data: { lead_id: made.id, note }, headers: { 'X-Postroom': '1' } });
    await page.goto(`/leads/${made.id}`);
    const timeline = page.getByRole('region', { name: 'Timeline' });
    await expect(timeline.getByText(/created this lead/)).toBeVisible();
    await timeline.getByText('Notes and calls', { exact: true }).click();
    await expect(timeline.getByText(/created this lead/)).toHaveCount(0);
    await expect(timeline.getByText('They want two.')).toBeVisible();
    await timeline.getByText('Emails', { exact: true }).click();
    await expect(timeline.getByText('Nothing of this kind yet')).toBeVisible();
    await timeline.getByRole('button', { name: 'Show everything' }).click();

    const first = timeline.getByRole('article').filter({ hasText: 'First call went well.' });
    await first.getByRole('link').click();
    await expect(page).toHaveURL(/entry=acti_/);
    await page.reload();
    await expect(first).toHaveAttribute('data-linked', 'true');
  } finally {
    await page.request.delete(`/api/v1/lead/${made.id}/`, { headers: { 'X-Postroom': '1' } });
  }
});
