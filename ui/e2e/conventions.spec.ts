/** Lines of docs/page-conventions.md that no other journey passes by; each test names its lines. */
import type { Locator, Page } from '@playwright/test';
import { ANNA, dock, editor, expect, inboxItem, opened, openedId, openInbox, row, signIn, test } from './support';

const HEADERS = { 'X-Postroom': '1' };
type Item = { id: string; date: string; subject: string; is_unread: boolean; object_id: string };

test.beforeEach(async ({ page }) => { await signIn(page); });

/** The window for writing, as one has it who waits until it is there: its first field has the focus. */
async function startWriting(page: Page): Promise<void> {
  await page.keyboard.press('c');
  await expect(dock(page).getByLabel('To', { exact: true })).toBeFocused();
  await editor(page).click();
  await expect(editor(page)).toBeFocused();
}

const expectFocusIn = (layer: Locator) => expect.poll(() => layer.evaluateAll(([one]) => !!one?.contains(document.activeElement))).toBe(true);
const unreadOf = (page: Page, id: string) => page.request.get(`/api/v1/task/${id}/`).then(async (answer) => (await answer.json() as Item).is_unread);

test('5: Escape closes the top layer alone', async ({ page }) => {
  await openInbox(page);
  await row(page, 0).click();
  await expect(page.locator('iframe').last()).toBeVisible();
  await page.keyboard.press('?');
  const help = page.getByRole('dialog');
  await expectFocusIn(help);
  await page.keyboard.press('Escape');
  await expect(help).toHaveCount(0);
  await expect(page).toHaveURL(/t=noti_/);
  await page.keyboard.press('Escape');
  await expect(page).not.toHaveURL(/t=noti_/);
});

test('7: in the editor Ctrl+K makes a link', async ({ page }) => {
  await openInbox(page);
  await startWriting(page);
  await page.keyboard.type('our offer');
  await expect(editor(page)).toContainText('our offer');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+k');
  const field = page.getByPlaceholder('https://');
  await expect(field.first()).toBeVisible();
  await field.first().fill('https://acme.example/offer');
  await field.first().press('Enter');
  await expect(editor(page).locator('a[href="https://acme.example/offer"]')).toHaveText('our offer');
});

test('18: what arrives above moves nothing and is told of', async ({ page }) => {
  const { data } = await (await page.request.get('/api/v1/task/?_type=incoming_email&view=inbox&assigned_to=me&_limit=1')).json() as { data: Item[] };
  const item = data[0]!;
  await page.request.put(`/api/v1/task/${item.id}/`, { data: { is_complete: true }, headers: HEADERS });
  try {
    await page.setViewportSize({ width: 1280, height: 170 });
    await openInbox(page);
    const list = page.getByRole('listbox');
    const last = async () => { // the pages below come one after the other, and each moves the end
      await page.keyboard.press('End');
      await list.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
      return opened(page).evaluateAll(([one]) => !!one && one.getAttribute('aria-posinset') === one.getAttribute('aria-setsize') && one.getBoundingClientRect().top >= one.closest('[role=listbox]')!.getBoundingClientRect().top);
    };
    await expect.poll(last).toBe(true);
    const stands = page.locator(`[id="${await openedId(page)}"]`);
    const place = () => stands.evaluate((one) => one.getBoundingClientRect().top);
    let before = await place();
    await expect.poll(async () => { const was = before; before = await place(); return before - was; }).toBe(0);
    await page.request.put(`/api/v1/task/${item.id}/`, { data: { is_complete: false, date: new Date().toISOString() }, headers: HEADERS });
    const pill = page.getByRole('button', { name: /^\d+ new$/ });
    await expect(pill).toBeVisible();
    expect(Math.abs(await place() - before)).toBeLessThan(2);
    await pill.click();
    await expect.poll(() => list.evaluate((element) => element.scrollTop)).toBe(0);
  } finally {
    await page.request.put(`/api/v1/task/${item.id}/`, { data: { is_complete: false, date: item.date }, headers: HEADERS });
  }
});

test('24, 70: what stays open a second is read; u makes it unread, leaves, is said aloud and undone', async ({ page }) => {
  const item = await inboxItem(page.request);
  await page.request.post(`/api/v1/activity/emailthread/${item.object_id}/read/`, { data: { is_read: false }, headers: HEADERS });
  await openInbox(page);
  const first = page.locator(`#row-${item.id}`);
  await expect(first).toHaveAttribute('data-unread', 'true');
  await expect(first.getByText('Unread.'), 'not told by weight alone').toHaveCount(1);
  await first.click();
  await expect(first).not.toHaveAttribute('data-unread', 'true');
  await expect.poll(() => unreadOf(page, item.id)).toBe(false);
  await page.keyboard.press('u');
  await expect(page).not.toHaveURL(/t=noti_/);
  await expect(first).toHaveAttribute('data-unread', 'true');
  await expect(page.locator('[aria-live=polite]').filter({ hasText: 'Marked as unread' })).toHaveCount(1);
  await expect.poll(() => unreadOf(page, item.id)).toBe(true);
  await page.keyboard.press('z');
  await expect(page.locator('[aria-live=polite]').filter({ hasText: 'Undone' })).toHaveCount(1);
  await expect.poll(() => unreadOf(page, item.id)).toBe(false);
});

test('28: rows of the final height while it loads; a failure keeps the old rows', async ({ page }) => {
  let release = (): void => undefined;
  const held = new Promise<void>((done) => { release = done; });
  await page.route(/\/api\/v1\/task\/\?.*view=inbox/, async (route) => { await held; await route.continue(); });
  await page.goto('/mail/inbox');
  const list = page.getByRole('listbox');
  await expect(list).toHaveAttribute('aria-busy', 'true');
  const waiting = await list.locator('[role=presentation]').first().boundingBox();
  release();
  await expect(row(page, 0)).toBeVisible();
  expect((await row(page, 0).boundingBox())!.height).toBe(waiting!.height);
  const stood = await row(page, 0).getAttribute('id');
  await page.unroute(/\/api\/v1\/task\/\?.*view=inbox/);
  await page.route(/\/api\/v1\/task\/\?/, (route) => route.fulfill({ status: 503, json: { error: 'away' } }));
  await page.evaluate(() => { document.dispatchEvent(new Event('visibilitychange')); window.dispatchEvent(new Event('focus')); });
  await expect(page.locator(`#${stood}`)).toBeVisible();
  await page.reload();
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
  await page.unroute(/\/api\/v1\/task\/\?/);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(row(page, 0)).toBeVisible();
});

test('29, 30: the title says where one is, and an address leads back there', async ({ page }) => {
  await openInbox(page);
  await expect(page).toHaveTitle(/^Inbox \(\d+\+?\) · Postroom$/);
  await row(page, 1).click();
  await expect(page).toHaveURL(/t=noti_/);
  const id = await openedId(page);
  await page.reload();
  await expect(opened(page)).toHaveAttribute('id', id);
  await page.goto('/mail/snoozed');
  await expect(page).toHaveTitle('Snoozed · Postroom');
  await page.goto('/leads');
  await expect(page).toHaveTitle(/Leads · Postroom/);
});

test('33: images of one sender are shown from now on, and the choice is taken back', async ({ page }) => {
  const { data: [lead] } = await (await page.request.get('/api/v1/lead/?query=Helio')).json() as { data: { id: string }[] };
  const made = await (await page.request.post('/api/v1/activity/email/', {
    data: { lead_id: lead!.id, status: 'inbox', sender: 'news@letter.example', to: [ANNA], subject: 'A newsletter', body_html: '<p>News</p><img src="https://letter.example/pixel.png" width="10" height="10">' }, headers: HEADERS,
  })).json() as { id: string; thread_id: string };
  try {
    await page.goto(`/leads/${lead!.id}?thread=${made.thread_id}`);
    const thread = page.getByRole('region', { name: 'Timeline' }).locator('section').filter({ hasText: 'A newsletter' }).first();
    const kept = page.waitForResponse((answer) => answer.url().includes('/preferences/') && answer.request().method() === 'PUT');
    await thread.getByRole('button', { name: 'Always for this sender' }).click();
    await kept;
    await page.reload();
    await expect(thread.locator('iframe[src*="images=true"]')).toHaveCount(1);
    await thread.getByRole('button', { name: 'Images shown' }).click();
    await page.getByRole('menuitem').click();
    await expect(thread.locator('iframe[src*="images=true"]')).toHaveCount(0);
    await expect(thread.getByRole('button', { name: 'Always for this sender' })).toBeVisible();
  } finally {
    await page.request.put('/api/v1/preferences/', { data: { image_senders: [] }, headers: HEADERS });
    await page.request.delete(`/api/v1/activity/email/${made.id}/`, { headers: HEADERS });
  }
});

test('35: a mail is as tall as its text on a desk, and a wide table scrolls sideways in itself on a telephone', async ({ page }) => {
  const { data: [lead] } = await (await page.request.get('/api/v1/lead/?query=Helio')).json() as { data: { id: string }[] };
  const cells = Array.from({ length: 14 }, (_, index) => `<td style="min-width:90px;white-space:nowrap">Column number ${index}</td>`).join('');
  const made = await (await page.request.post('/api/v1/activity/email/', {
    data: { lead_id: lead!.id, status: 'inbox', sender: 'rows@table.example', to: [ANNA], subject: 'A wide table', body_html: `<table><tr>${cells}</tr></table>${'<p>Line</p>'.repeat(60)}` }, headers: HEADERS,
  })).json() as { id: string; thread_id: string };
  try {
    await page.goto(`/leads/${lead!.id}?thread=${made.thread_id}`);
    const frame = page.locator('section').filter({ hasText: 'A wide table' }).locator('iframe').last();
    const sizes = () => frame.evaluate((element: HTMLIFrameElement) => { const root = element.contentDocument!.documentElement; return { hidden: root.scrollHeight - element.clientHeight, wider: root.scrollWidth - element.clientWidth }; });
    await expect.poll(async () => (await sizes()).hidden).toBeLessThanOrEqual(20);
    await page.setViewportSize({ width: 390, height: 844 });
    await expect.poll(async () => (await sizes()).wider).toBeGreaterThan(100);
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  } finally {
    await page.request.delete(`/api/v1/activity/email/${made.id}/`, { headers: HEADERS });
  }
});

test('55: a pasted picture becomes part of the email, pasted text keeps its shape', async ({ page }) => {
  await openInbox(page);
  await startWriting(page);
  await editor(page).evaluate((element) => {
    const text = new DataTransfer();
    text.setData('text/html', '<p style="color:red;font-size:40px">Terms: <b>net 30</b></p><ul><li>one</li></ul><script>alert(1)</script><a href="https://acme.example/">site</a>');
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: text, bubbles: true, cancelable: true }));
  });
  await expect(editor(page).locator('strong')).toHaveText('net 30');
  await expect(editor(page).locator('ul li')).toHaveText('one');
  await expect(editor(page).locator('a')).toHaveText('site');
  await expect(editor(page).locator('script, [style*=color], [style*="font-size"]')).toHaveCount(0);
  await editor(page).evaluate(async (element) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 8, height: 8 });
    const blob = await new Promise<Blob>((done) => canvas.toBlob((made) => done(made!), 'image/png'));
    const files = new DataTransfer();
    files.items.add(new File([blob], 'shot.png', { type: 'image/png' }));
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: files, bubbles: true, cancelable: true }));
  });
  await expect(editor(page).locator('img[src*="/api/v1/"]')).toHaveCount(1);
});

test('68: a dark desktop sees no white before the page is there', async ({ browser }) => {
  const context = await browser.newContext({ colorScheme: 'dark' });
  const page = await context.newPage();
  await page.route(/assets\/index-.*\.js$/, () => undefined); // the page's own code never comes
  await page.goto('/sign-in', { waitUntil: 'commit' });
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await expect.poll(() => page.evaluate(() => getComputedStyle(document.body).backgroundColor)).not.toMatch(/rgb\(2[0-9]{2}, 2[0-9]{2}, 2[0-9]{2}\)|rgba\(0, 0, 0, 0\)/);
  await context.close();
});

test('70: the focus returns to where it was when a layer closes', async ({ page }) => {
  await openInbox(page);
  const search = page.getByRole('button', { name: 'Search all email' });
  await search.focus();
  await page.keyboard.press('?');
  await expectFocusIn(page.getByRole('dialog'));
  await page.keyboard.press('Escape');
  await expect(search).toBeFocused();
});

test('71: who wants less movement gets none', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openInbox(page);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  const moving = await page.evaluate(() => [...document.querySelectorAll('*')].filter((element) => {
    const { transitionDuration, animationDuration } = getComputedStyle(element);
    return `${transitionDuration},${animationDuration}`.split(',').some((time) => parseFloat(time) > 0);
  }).map((element) => element.className));
  expect(moving).toEqual([]);
});

test('72: offline is said, what is done meanwhile is refused and put back', async ({ page, context }) => {
  await openInbox(page);
  await row(page, 0).click();
  const id = await openedId(page);
  await expect(page.locator('iframe').last()).toBeVisible();
  const inbox = page.getByRole('navigation').getByRole('link', { name: /^Inbox/ });
  await expect(inbox).toHaveText(/\d/);
  await expect(page.locator('.mantine-Notifications-root').first()).toBeAttached(); // what tells of it has come
  await context.setOffline(true);
  await expect(page.getByText(/You are offline/)).toBeVisible();
  const withCount = await inbox.textContent();
  await page.keyboard.press('e');
  await expect(page.getByText('The server cannot be reached. Check the connection.')).toBeVisible();
  await expect(page.locator(`[id="${id}"]`)).toBeVisible();
  // What stood there stays: who one is, and how much waits.
  await expect(inbox).toHaveText(withCount!);
  await expect(page.getByRole('button', { name: 'Organization, language and sign out' })).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText(/You are offline/)).toHaveCount(0);
});

test('72: a part of the page that cannot be fetched at once comes later, and the page stays', async ({ page }) => {
  await page.route(/assets\/LateLayers-.*\.js$/, (route) => route.abort('internetdisconnected'), { times: 2 });
  const failed = page.waitForEvent('requestfailed', (request) => request.url().includes('LateLayers'));
  await openInbox(page);
  await page.keyboard.press('?');
  await failed;
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Try again' })).toHaveCount(0);
});
