import type { Page } from '@playwright/test';
import { expect, inboxOf, opened, openedId, openInbox, putBack, row, signIn, test } from './support';

let kept: Awaited<ReturnType<typeof inboxOf>> = [];
test.beforeEach(async ({ page }) => { await signIn(page); kept = await inboxOf(page.request); });
test.afterEach(async ({ page }) => { await putBack(page, kept); });

/** Where the server has these rows: "inbox", "future" or "archive". */
const views = (page: Page, ...rows: string[]) => Promise.all(rows.map(async (id) => (await (await page.request.get(`/api/v1/task/${id.replace('row-', '')}/`)).json() as { view: string }).view));
/** The row after the open one, as the list stands. */
const rowAfterOpened = (page: Page) => page.getByRole('option').evaluateAll((rows) => rows[rows.findIndex((one) => one.getAttribute('aria-selected') === 'true') + 1]!.id);

test('keys walk through the Inbox, Done is undone, and the server agrees', async ({ page }) => {
  await openInbox(page);
  await page.keyboard.press('j');
  await openedId(page);
  const id = await rowAfterOpened(page);
  await page.keyboard.press('j');
  await expect(opened(page)).toHaveAttribute('id', id);
  await page.keyboard.press('e');
  await expect(page.locator(`#${id}`)).toHaveCount(0);
  await expect.poll(() => views(page, id)).toEqual(['archive']);
  await page.keyboard.press('z');
  await expect(page.locator(`#${id}`)).toHaveAttribute('aria-selected', 'true');
  await expect.poll(() => views(page, id)).toEqual(['inbox']);
  await page.reload();
  await expect(page.locator(`#${id}`)).toBeVisible();
});

test('a snoozed conversation waits among the snoozed and comes back', async ({ page }) => {
  await openInbox(page);
  await page.keyboard.press('j');
  const id = await openedId(page);
  await page.keyboard.press('h');
  await page.getByRole('menuitem', { name: /In two days/ }).click();
  await expect(page.locator(`#${id}`)).toHaveCount(0);
  await expect(page.getByRole('menu')).toHaveCount(0); // while it closes, keys are still its own
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await expect(page).toHaveURL(/mail\/snoozed/);
  await expect(page.locator(`#${id}`)).toBeVisible();
  await expect.poll(() => views(page, id)).toEqual(['future']);
  await page.locator(`#${id}`).click();
  await page.getByRole('button', { name: 'Move to Inbox' }).click();
  await expect.poll(() => views(page, id)).toEqual(['inbox']); // leaving the page at once would take the change back with it
  await page.goto('/mail/inbox');
  await expect(page.locator(`#${id}`)).toBeVisible();
});

test('ticked conversations are done together', async ({ page }) => {
  await openInbox(page);
  for (const key of ['j', 'Shift+J']) await page.keyboard.press(key);
  await expect(page.getByRole('toolbar', { name: '2 selected' })).toBeVisible();
  const ids = await page.locator('[role=option][data-ticked]').evaluateAll((rows) => rows.map((one) => one.id));
  expect(ids).toHaveLength(2);
  await page.keyboard.press('h'); // asks for both at once, below the bar of the chosen
  await expect(page.getByPlaceholder(/tomorrow/i)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByPlaceholder(/tomorrow/i)).toHaveCount(0);
  await page.keyboard.press('e');
  for (const id of ids) await expect(page.locator(`#${id}`)).toHaveCount(0);
  await expect.poll(() => views(page, ...ids)).toEqual(['archive', 'archive']);
  await page.keyboard.press('z');
  for (const id of ids) await expect(page.locator(`#${id}`)).toBeVisible();
  await expect.poll(() => views(page, ...ids)).toEqual(['inbox', 'inbox']);
});

test('when the server refuses, the row returns with the reason', async ({ page }) => {
  await openInbox(page);
  await page.keyboard.press('j');
  const id = await openedId(page);
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
  await openedId(page);
  const frame = page.locator('iframe').last();
  await expect(frame).toHaveAttribute('sandbox', 'allow-same-origin allow-popups allow-popups-to-escape-sandbox');
  await expect.poll(() => frame.evaluate((element: HTMLIFrameElement) => element.contentDocument?.readyState)).toBe('complete');
  await frame.contentFrame().locator('body').click();
  const next = await rowAfterOpened(page);
  await page.keyboard.press('j');
  await expect(opened(page)).toHaveAttribute('id', next);
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
