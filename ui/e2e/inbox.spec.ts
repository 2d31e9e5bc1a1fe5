import { expect, openInbox, row, signIn, test } from './support';

test.beforeEach(async ({ page }) => { await signIn(page); });

test('keys walk through the Inbox, Done is undone, and the server agrees', async ({ page }) => {
  await openInbox(page);
  await page.keyboard.press('j');
  await expect(row(page, 0)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('j');
  const id = await row(page, 1).getAttribute('id');
  await expect(row(page, 1)).toHaveAttribute('aria-selected', 'true');
  const saved = page.waitForResponse((answer) => answer.request().method() === 'PUT' && answer.url().includes('/task/'));
  await page.keyboard.press('e');
  await expect(page.locator(`#${id}`)).toHaveCount(0);
  await saved;
  await page.keyboard.press('z');
  await expect(page.locator(`#${id}`)).toHaveAttribute('aria-selected', 'true');
  await page.reload();
  await expect(page.locator(`#${id}`)).toBeVisible();
});

test('a snoozed conversation waits among the snoozed and comes back', async ({ page }) => {
  await openInbox(page);
  await page.keyboard.press('j');
  const id = await row(page, 0).getAttribute('id');
  await page.keyboard.press('h');
  await page.getByRole('menuitem', { name: /In two days/ }).click();
  await expect(page.locator(`#${id}`)).toHaveCount(0);
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await expect(page).toHaveURL(/mail\/snoozed/);
  await expect(page.locator(`#${id}`)).toBeVisible();
  await page.locator(`#${id}`).click();
  const saved = page.waitForResponse((answer) => answer.request().method() === 'PUT' && answer.url().includes('/task/'));
  await page.getByRole('button', { name: 'Move to Inbox' }).click();
  await saved; // leaving the page at once would take the change back with it
  await page.goto('/mail/inbox');
  await expect(page.locator(`#${id}`)).toBeVisible();
});

test('ticked conversations are done together', async ({ page }) => {
  await openInbox(page);
  for (const key of ['j', 'Shift+J']) await page.keyboard.press(key);
  const ids = [await row(page, 0).getAttribute('id'), await row(page, 1).getAttribute('id')];
  await expect(page.getByRole('toolbar', { name: '2 selected' })).toBeVisible();
  await page.keyboard.press('h'); // asks for both at once, below the bar of the chosen
  await expect(page.getByPlaceholder(/tomorrow/i)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByPlaceholder(/tomorrow/i)).toHaveCount(0);
  await page.keyboard.press('e');
  for (const id of ids) await expect(page.locator(`#${id}`)).toHaveCount(0);
  await page.keyboard.press('z');
  for (const id of ids) await expect(page.locator(`#${id}`)).toBeVisible();
});

test('when the server refuses, the row returns with the reason', async ({ page }) => {
  await openInbox(page);
  await page.keyboard.press('j');
  const id = await row(page, 0).getAttribute('id');
  await page.route('**/api/v1/task/*/', (route) => route.fulfill({ status: 503, json: { error: 'The server is being restarted.' } }));
  await page.keyboard.press('e');
  await expect(page.getByText('The server is being restarted.')).toBeVisible();
  await expect(page.locator(`#${id}`)).toBeVisible();
});

test("a coworker's Inbox can be read and not changed", async ({ page }) => {
  await page.goto('/mail/inbox');
  await page.getByRole('button', { name: 'Whose Inbox' }).click();
  await page.getByRole('menuitem', { name: "Everybody's" }).click();
  await expect(page.getByText('You can read this Inbox.')).toBeVisible();
  await row(page, 0).click();
  await expect(page.getByText('Only its owner can mark this as done.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Done', exact: true })).toHaveCount(0);
});

test('an email stays in its frame: no script, nothing remote unasked, keys still work', async ({ page }) => {
  const foreign: string[] = [];
  page.on('request', (request) => { if (!request.url().startsWith(test.info().project.use.baseURL!) && !request.url().startsWith('data:')) foreign.push(request.url()); });
  await openInbox(page);
  await page.keyboard.press('j');
  const frame = page.locator('iframe').last();
  await expect(frame).toHaveAttribute('sandbox', 'allow-same-origin allow-popups allow-popups-to-escape-sandbox');
  await frame.contentFrame().locator('body').click();
  await page.keyboard.press('j');
  await expect(row(page, 1)).toHaveAttribute('aria-selected', 'true');
  expect(foreign).toEqual([]);
});

test('the palette finds commands and leads, also for fast fingers', async ({ page }) => {
  await openInbox(page);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Helio');
  await page.getByRole('dialog').getByText('Helio Solar').click();
  await expect(page.getByRole('heading', { name: 'Helio Solar' })).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0); // while it closes, keys are still its own
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
});
