/** What a person sets is kept by the server: it holds in a browser that has never been here. */
import { expect, openInbox, row, signIn, test } from './support';

const AS_IT_COMES = { density: null, zone_by: null, dark_mail: null, signature: null, time_zone: 'UTC' };

test.beforeEach(async ({ page }) => { await signIn(page); });
test.afterEach(async ({ page }) => { await page.request.put('/api/v1/preferences/', { data: AS_IT_COMES, headers: { 'X-Postroom': '1' } }); });

test('compact lists, the time zone and dark mail follow to another browser', async ({ page, browser }) => {
  test.slow();
  await openInbox(page);
  const tall = (await row(page, 0).boundingBox())!.height;
  await page.goto('/settings/mail');
  const saved = () => page.waitForResponse((answer) => answer.url().includes('/preferences/') && answer.request().method() === 'PUT' && answer.ok());
  let kept = saved();
  await page.getByText('Compact', { exact: true }).click();
  await kept;
  kept = saved();
  await page.getByRole('switch', { name: 'Darken email in the dark' }).press('Space');
  await kept;
  kept = saved();
  await page.getByRole('combobox', { name: 'Time zone' }).fill('Asia/Tok');
  await page.getByRole('option', { name: 'Asia/Tokyo' }).click();
  await kept;

  const other = await browser.newContext({ timezoneId: 'America/New_York', colorScheme: 'dark' });
  const there = await other.newPage();
  await signIn(there);
  await openInbox(there);
  await expect(async () => expect((await row(there, 0).boundingBox())!.height).toBeLessThan(tall)).toPass();
  await row(there, 0).click();
  await expect(there.locator('iframe[data-dark]').last()).toBeVisible();
  await expect(async () => { // new mail may come to the top between the two
    const time = row(there, 0).locator('time');
    const told = await time.evaluate((element: HTMLTimeElement) => [element.title, new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'Asia/Tokyo' }).format(new Date(element.dateTime))]);
    expect(told[0]).toBe(told[1]);
  }).toPass();
  // What is typed is understood there, too.
  await there.keyboard.press('h');
  await expect(there.getByText('Times in Asia/Tokyo')).toBeVisible();
  await other.close();
});

test('the signature stands by itself where the person wants it', async ({ page }) => {
  await page.request.put('/api/v1/signature/', { data: { html: '<p>Anna, Acme Robotics</p>' }, headers: { 'X-Postroom': '1' } });
  await page.request.put('/api/v1/preferences/', { data: { signature: 'new' }, headers: { 'X-Postroom': '1' } });
  try {
    await openInbox(page);
    // What the server keeps has come to this browser.
    await expect.poll(() => page.evaluate(() => localStorage.getItem('postroom-preferences') ?? '')).toContain('"signature":"new"');
    await page.keyboard.press('c');
    const dialog = page.getByRole('dialog', { name: 'New email' });
    await expect(dialog.getByRole('group', { name: 'Signature' })).toBeVisible();
    await dialog.getByRole('button', { name: 'Close and keep the draft' }).click();
    await expect(dialog).toHaveCount(0);
    await page.keyboard.press('j');
    await expect(page.locator('iframe').last()).toBeVisible();
    await page.keyboard.press('r');
    await expect(dialog.getByRole('button', { name: 'Add the signature' })).toBeVisible();
    await dialog.getByRole('button', { name: 'Discard' }).click();
  } finally {
    await page.request.put('/api/v1/signature/', { data: { html: '' }, headers: { 'X-Postroom': '1' } });
  }
});
