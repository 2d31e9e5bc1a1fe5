/** The lead beside an open conversation: everything of it is changed there, also with the keyboard alone. */
import type { APIRequestContext } from '@playwright/test';
import { expect, expectAccessible, inboxItem, openInbox, row, signIn, test } from './support';

const HEADERS = { 'X-Postroom': '1' };

/** Removes the tasks of a lead that begin so: one's own, and what an attempt before this one has left. */
async function withoutTasks(request: APIRequestContext, leadId: string, start: string): Promise<void> {
  const { data } = await (await request.get(`/api/v1/task/?lead_id=${leadId}`)).json() as { data: { id: string; text: string }[] };
  for (const task of data.filter(({ text }) => text.startsWith(start))) await request.delete(`/api/v1/task/${task.id}/`, { headers: HEADERS });
}

test.beforeEach(async ({ page }) => { await signIn(page); });

test('task, contact, opportunity and status of the lead are changed beside the conversation', async ({ page }) => {
  test.slow();
  const item = await inboxItem(page.request);
  const before = await (await page.request.get(`/api/v1/lead/${item.lead_id}/`)).json() as { status_id: string; contacts: { id: string; name: string; title: string }[] };
  try {
    await withoutTasks(page.request, item.lead_id, 'Measure');
    await page.goto(`/mail/inbox?t=${item.id}`);
    const panel = page.getByRole('complementary', { name: 'Lead' });
    await expect(panel.getByRole('button', { name: 'Add a task' })).toBeVisible();

    await page.keyboard.press('l');
    await expect(panel).toBeFocused();
    await panel.getByRole('button', { name: 'Add a task' }).press('Enter');
    await page.keyboard.type('Measure the second dock');
    await page.keyboard.press('Enter');
    await expect(panel.getByText('Measure the second dock', { exact: true })).toBeVisible();
    await expect(panel.getByText('Today', { exact: true }).first()).toBeVisible();
    await panel.getByRole('button', { name: 'Edit the task Measure the second dock' }).click();
    await panel.getByLabel('What is to do').fill('Measure both docks');
    await panel.getByRole('button', { name: 'Save' }).click();
    await panel.getByRole('checkbox', { name: 'Done: Measure both docks' }).press('Space');
    await expect(panel.getByText('Measure both docks', { exact: true })).toBeHidden();
    await page.keyboard.press('z'); // the button beside the news goes after six seconds
    await expect(panel.getByText('Measure both docks', { exact: true })).toBeVisible();

    const contact = before.contacts[0]!;
    await panel.getByRole('button', { name: `Edit ${contact.name}` }).click();
    await panel.getByLabel('Title').fill('Head of everything');
    await panel.getByRole('button', { name: 'Save' }).click();
    await expect(panel.getByText('Head of everything')).toBeVisible();

    await panel.getByRole('button', { name: /^Status:/ }).click();
    await page.getByRole('menuitem', { name: 'Qualified' }).click();
    await expect(panel.getByRole('button', { name: 'Status: Qualified' })).toBeVisible();
    await expectAccessible(page);

    // Escape leaves the panel and not the conversation; a second one closes that.
    await panel.getByRole('button', { name: 'Add a task' }).focus();
    await page.keyboard.press('Escape');
    await expect(panel.getByRole('button', { name: 'Add a task' })).not.toBeFocused();
    await expect(page).toHaveURL(/t=/);
  } finally {
    await withoutTasks(page.request, item.lead_id, 'Measure');
    await page.request.put(`/api/v1/contact/${before.contacts[0]!.id}/`, { data: { title: before.contacts[0]!.title }, headers: HEADERS });
    await page.request.put(`/api/v1/lead/${item.lead_id}/`, { data: { status_id: before.status_id }, headers: HEADERS });
  }
});

test('tasks of all leads are worked through by the keyboard, and the email that nobody answered is one step away', async ({ page }) => {
  const item = await inboxItem(page.request);
  const made: string[] = [];
  const add = async (text: string, days: number) => {
    const date = new Date(Date.now() + days * 86_400_000).toISOString();
    made.push((await (await page.request.post('/api/v1/task/', { data: { lead_id: item.lead_id, text, date }, headers: HEADERS })).json() as { id: string }).id);
  };
  const isDone = async (id: string) => (await (await page.request.get(`/api/v1/task/${id}/`)).json() as { is_complete: boolean }).is_complete;
  try {
    await withoutTasks(page.request, item.lead_id, 'Send the ');
    await add('Send the first sample', -400);
    await openInbox(page);
    await page.keyboard.press('g');
    await page.keyboard.press('k');
    const late = page.getByRole('region', { name: 'Overdue' }).getByRole('listitem');
    await expect(late.first()).toContainText('Send the first sample');
    await add('Send the second sample', -399); // by another program: it appears by itself
    await expect(late.nth(1)).toContainText('Send the second sample');
    await page.keyboard.press('j');
    await page.keyboard.press('e');
    await expect(page.getByText('Send the first sample', { exact: true })).toBeHidden();
    await expect.poll(() => isDone(made[0]!)).toBe(true);
    await page.keyboard.press('z');
    await expect(late.first()).toContainText('Send the first sample');
    await expect.poll(() => isDone(made[0]!)).toBe(false);
    await page.keyboard.press('h');
    await page.keyboard.type('in 3 weeks');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('region', { name: 'Coming up' }).getByText('Send the first sample')).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(new RegExp(`/leads/${item.lead_id}`));
  } finally {
    for (const id of made) await page.request.delete(`/api/v1/task/${id}/`, { headers: HEADERS });
  }
});

test('where there is no room for the panel its key opens the lead', async ({ page }) => {
  await page.setViewportSize({ width: 1100, height: 800 });
  await openInbox(page);
  await row(page, 0).click();
  await expect(page.locator('iframe').last()).toBeVisible();
  await expect(page.getByRole('complementary', { name: 'Lead' })).toHaveCount(0);
  await page.keyboard.press('l');
  await expect(page).toHaveURL(/\/leads\/lead_/);
});
