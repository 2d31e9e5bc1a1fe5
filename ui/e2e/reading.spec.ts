import type { Page } from '@playwright/test';
import { expect, signIn, test } from './support';

const HOSTILE = `<html><body style="background:url(https://spy.example/a.png)"><p style="color:rgb(1, 2, 3)">Offer</p>
<img src="https://spy.example/pixel.png" width="10" height="10"><script>parent.document.title='taken'</script><a href="javascript:alert(1)">x</a>
<form action="https://spy.example/"><input name="q"></form><iframe src="https://spy.example/"></iframe><p onclick="alert(1)">End</p></body></html>`;

const HEADERS = { 'X-Postroom': '1' };

test('a hostile email runs nothing and loads nothing, and its images come through the server when asked', async ({ page }) => {
  await signIn(page);
  const lead = await (await page.request.post('/api/v1/lead/', { data: { name: 'Spied upon' }, headers: HEADERS })).json() as { id: string };
  try { await readHostile(page, lead.id); } finally { await page.request.delete(`/api/v1/lead/${lead.id}/`, { headers: HEADERS }); }
});

async function readHostile(page: Page, leadId: string): Promise<void> {
  const made = await page.request.post('/api/v1/activity/email/', {
    data: { lead_id: leadId, status: 'inbox', sender: 'spy@spy.example', to: ['anna@acme.example'], subject: 'A hostile offer', body_html: HOSTILE }, headers: HEADERS,
  });
  expect(made.status()).toBe(200);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(`/leads/${leadId}`);
  const thread = page.getByRole('region', { name: 'Timeline' }).locator('section').filter({ hasText: 'A hostile offer' }).first();
  const head = thread.getByRole('button').first();
  const mail = thread.locator('iframe').last();
  await expect(async () => {
    if (await head.getAttribute('aria-expanded') === 'false') await head.click();
    await expect(mail).toBeVisible({ timeout: 5000 }); // and asked again
  }).toPass();
  await expect(mail.contentFrame().getByText('Offer')).toHaveCSS('color', 'rgb(1, 2, 3)'); // its own styles work
  await expect(mail.contentFrame().locator('form, iframe, script, [onclick], a[href^="javascript"]')).toHaveCount(0);
  await expect(page).toHaveTitle(/Spied upon/);
  const foreign = () => asked.filter((url) => url.includes('spy.example') && !url.startsWith(test.info().project.use.baseURL!));
  expect(foreign()).toEqual([]);

  await thread.getByRole('button', { name: 'Show images' }).click();
  await expect.poll(() => asked.filter((url) => url.includes('/api/v1/image/')).length).toBeGreaterThan(0);
  expect(foreign()).toEqual([]);
  await page.request.delete(`/api/v1/activity/email/${(await made.json() as { id: string }).id}/`, { headers: HEADERS });
}
