/** What every journey shares: a signed-in page that fails the test when the browser's policy was broken. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test as base, type APIRequestContext, type Page } from '@playwright/test';

export const PASSWORD = 'postroom-demo';
export const ANNA = 'anna@acme.example';
export const BEN = 'ben@acme.example';
export const FRESH = `http://127.0.0.1:${process.env.FRESH_PORT}`;

export async function signIn(page: Page, email = ANNA): Promise<void> {
  const answer = await page.request.post('/api/v1/auth/sign_in/', { data: { email, password: PASSWORD }, headers: { 'X-Postroom': '1' } });
  expect(answer.status(), await answer.text()).toBe(200);
}

/** Anna's Inbox item with this subject, or the first, as the server has it. */
export async function inboxItem(request: APIRequestContext): Promise<{ id: string; subject: string; lead_id: string; object_id: string }> {
  const answer = await request.get('/api/v1/task/?_type=incoming_email&view=inbox&assigned_to=me&_limit=1');
  return (await answer.json() as { data: { id: string; subject: string; lead_id: string; object_id: string }[] }).data[0]!;
}

type Kept = { id: string; date: string };
/** All that lies in Anna's Inbox, or among what she has done. */
export async function inboxOf(request: APIRequestContext, view = 'inbox'): Promise<Kept[]> {
  const answer = await request.get(`/api/v1/task/?_type=incoming_email&view=${view}&assigned_to=me&_fields=id,date&_limit=200`);
  return (await answer.json() as { data: Kept[] }).data;
}

/** Puts back into the Inbox what a test has taken out of it, wherever the test stopped. */
export async function putBack(page: Page, kept: Kept[]): Promise<void> {
  await page.goto('about:blank'); // nothing more comes from the page
  const here = new Set((await inboxOf(page.request)).map(({ id }) => id));
  for (const { id, date } of kept) if (!here.has(id)) await page.request.put(`/api/v1/task/${id}/`, { data: { is_complete: false, date }, headers: { 'X-Postroom': '1' } });
}

export const test = base.extend<{ page: Page }>({
  page: async ({ page }, run) => {
    const broken: string[] = [];
    // Mail frames refuse scripts on purpose; what matters is the page's own policy, and errors nobody caught.
    page.on('console', (message) => { if (message.type() === 'error' && /Content Security Policy/.test(message.text()) && !/Blocked script execution/.test(message.text())) broken.push(message.text()); });
    page.on('pageerror', (error) => broken.push(String(error)));
    await run(page);
    expect(broken, 'policy violations and uncaught errors').toEqual([]);
  },
});
export { expect };

/** WCAG 2.2 AA on the page itself; the mail in its frame is somebody else's writing. */
export async function expectAccessible(page: Page): Promise<void> {
  // What is still fading in has no contrast yet.
  await page.waitForFunction(() => document.getAnimations().every((one) => one.playState !== 'running' || one.effect?.getComputedTiming().iterations === Infinity));
  // Its "legacy" way looks at the page in the page; the other one does the same for frames too, at three times the work.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode();
  const { violations } = await axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).exclude('iframe').analyze();
  expect(violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).join(' | ').slice(0, 400)}`)).toEqual([]);
}

export async function openInbox(page: Page): Promise<void> {
  await page.goto('/mail/inbox');
  await expect(row(page, 1)).toBeVisible();
}
/** Password fields by order: their label carries the sign for "required". */
export const password = (page: Page, index = 0) => page.locator('input[autocomplete$=password]').nth(index);
/** By its place. Mail comes in at any time and moves the rows down: what must be the same one is found by its id. */
export const row = (page: Page, index: number) => page.locator('[role=listbox] [role=option]').nth(index);
export const dock = (page: Page) => page.getByRole('dialog', { name: 'New email' });
export const editor = (page: Page) => dock(page).getByRole('textbox', { name: 'Message' });
/** The open row; its id stays its own when mail comes in above. */
export const opened = (page: Page) => page.getByRole('option', { selected: true });
export async function openedId(page: Page): Promise<string> {
  await expect(opened(page)).toHaveCount(1);
  return (await opened(page).getAttribute('id'))!;
}
