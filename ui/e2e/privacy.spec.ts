/** Who sees a conversation, and who may send as whom: as Anna chooses, and as Ben then finds it. */
import type { APIRequestContext, Page } from '@playwright/test';
import { BEN, expect, expectAccessible, openInbox, PASSWORD, row, signIn, test } from './support';

const MARK = { 'X-Postroom': '1' };
const dialog = (page: Page) => page.getByRole('dialog', { name: 'Who sees this conversation' });
const shared = (request: APIRequestContext, threadId: string) => request.put(`/api/v1/activity/emailthread/${threadId}/privacy/`, { data: { is_private: false }, headers: MARK });

test.beforeEach(async ({ page }) => { await signIn(page); });

/** Ben's answer to a question of his own, in a browser of his own. */
async function asBen(page: Page, path: string): Promise<number> {
  const browser = await page.context().browser()!.newContext({ baseURL: new URL(page.url()).origin });
  try {
    await browser.request.post('/api/v1/auth/sign_in/', { data: { email: BEN, password: PASSWORD }, headers: MARK });
    return (await browser.request.get(path)).status();
  } finally { await browser.close(); }
}

test('a conversation is made private, shared with one coworker, and shared with all again', async ({ page }) => {
  test.slow(); // three times the dialog, and an accessibility check
  await openInbox(page);
  await row(page, 0).click();
  const ask = async () => {
    await expect(dialog(page)).toHaveCount(0);
    const asked = page.waitForResponse(/emailthread\/[^/]+\/privacy\/$/);
    await page.getByRole('button', { name: 'More actions' }).first().click();
    await page.getByRole('menuitem', { name: 'Who sees this' }).click();
    await expect(dialog(page).getByText('In the mailbox of: you')).toBeVisible();
    return /emailthread\/([^/]+)\//.exec((await asked).url())![1]!;
  };
  const threadId = await ask(); // new mail may have come to the top meanwhile
  const thread = `/api/v1/activity/emailthread/${threadId}/`;
  try {
    await dialog(page).getByRole('switch').click();
    await expectAccessible(page);
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('The conversation is private.')).toBeVisible();
    expect(await asBen(page, thread)).toBe(404);
    await ask();
    await expect(dialog(page).getByText('It is private')).toBeVisible();
    await dialog(page).getByRole('combobox', { name: 'And these coworkers' }).click();
    await page.getByRole('option', { name: 'Ben Okafor' }).click();
    await dialog(page).getByText('Who sees this conversation').click();
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await expect(dialog(page)).toBeHidden();
    expect(await asBen(page, thread)).toBe(200);
    await ask();
    await dialog(page).getByRole('switch').click();
    await dialog(page).getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Coworkers see the conversation again.')).toBeVisible();
    expect(await asBen(page, thread)).toBe(200);
  } finally { await shared(page.request, threadId); }
});

test('a coworker is let send as me, and no longer', async ({ page }) => {
  const users = (await (await page.request.get('/api/v1/user/')).json() as { data: { id: string; email: string }[] }).data;
  const ben = users.find((user) => user.email === BEN)!.id;
  const lent = async () => (await (await page.request.get(`/api/v1/send_as/?allowed_user_id=${ben}`)).json() as { data: unknown[] }).data.length;
  const disallow = () => page.request.post('/api/v1/send_as/bulk/', { data: { allowed_user_ids: [], disallowed_user_ids: [ben] }, headers: MARK });
  await disallow();
  try {
    await page.goto('/settings/accounts');
    await page.getByRole('combobox', { name: 'May send as me' }).click();
    await page.getByRole('option', { name: 'Ben Okafor' }).click();
    await expect(page.getByText('Saved', { exact: false }).first()).toBeVisible();
    await expect.poll(lent).toBe(1);
    await page.keyboard.press('Escape');
    await expectAccessible(page);
  } finally { await disallow(); }
  expect(await lent()).toBe(0);
});
