/** Two people in one conversation. */
import { BEN, dock, expect, inboxItem, signIn, test } from './support';

const HEADERS = { 'X-Postroom': '1' };

test('somebody else who is answering is named before one sends', async ({ page, browser }) => {
  await signIn(page);
  const item = await inboxItem(page.request);
  const thread = await (await page.request.get(`/api/v1/activity/emailthread/${item.object_id}/`)).json() as { emails: { id: string; status: string }[] };
  const answered = thread.emails.find((email) => email.status !== 'draft')!.id;
  await page.goto(`/mail/inbox?t=${item.id}`);
  await expect(page.locator('iframe').last()).toBeVisible();
  await expect(page.getByText(/^Ben .* is replying/)).toHaveCount(0);

  const ben = await browser.newContext();
  const his = await ben.newPage();
  await signIn(his, BEN);
  const made = await his.request.post('/api/v1/activity/email/', { data: { status: 'draft', lead_id: item.lead_id, in_reply_to_id: answered, subject: `Re: ${item.subject}`, body_html: '<p>I can take this one</p>', to: [] }, headers: HEADERS });
  expect(made.status(), await made.text()).toBe(200);
  const draft = (await made.json() as { id: string }).id;
  try {
    await expect(page.getByText(/^Ben .* is replying/)).toBeVisible();
    await page.keyboard.press('r');
    await expect(dock(page).or(page.getByRole('dialog')).first().getByText(/^Ben .* is replying/)).toBeVisible();
    await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
  } finally {
    await his.request.delete(`/api/v1/activity/email/${draft}/`, { headers: HEADERS });
    await ben.close();
  }
  await expect(page.getByText(/^Ben .* is replying/)).toHaveCount(0);
});
