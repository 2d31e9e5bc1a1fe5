import { expect, signIn, test } from './support';

const HOSTILE = `<html><body style="background:url(https://spy.example/a.png)"><p style="color:rgb(1, 2, 3)">Offer</p>
<img src="https://spy.example/pixel.png" width="10" height="10"><script>parent.document.title='taken'</script><a href="javascript:alert(1)">x</a>
<form action="https://spy.example/"><input name="q"></form><iframe src="https://spy.example/"></iframe><p onclick="alert(1)">End</p></body></html>`;

test('a hostile email runs nothing and loads nothing, and its images come through the server when asked', async ({ page }) => {
  await signIn(page);
  const { data: [lead] } = await (await page.request.get('/api/v1/lead/?query=Helio')).json() as { data: { id: string }[] };
  const made = await page.request.post('/api/v1/activity/email/', {
    data: { lead_id: lead!.id, status: 'inbox', sender: 'spy@spy.example', to: ['anna@acme.example'], subject: 'A hostile offer', body_html: HOSTILE }, headers: { 'X-Postroom': '1' },
  });
  expect(made.status()).toBe(200);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(`/leads/${lead!.id}`);
  const thread = page.getByRole('region', { name: 'Timeline' }).locator('section').filter({ hasText: 'A hostile offer' }).first();
  const head = thread.getByRole('button').first();
  if (await head.getAttribute('aria-expanded') === 'false') await head.click();
  const mail = thread.locator('iframe').last();
  await expect(mail.contentFrame().getByText('Offer')).toHaveCSS('color', 'rgb(1, 2, 3)'); // its own styles work
  await expect(mail.contentFrame().locator('form, iframe, script, [onclick], a[href^="javascript"]')).toHaveCount(0);
  expect(await page.title()).toContain('Helio Solar');
  const foreign = () => asked.filter((url) => url.includes('spy.example') && !url.startsWith(test.info().project.use.baseURL!));
  expect(foreign()).toEqual([]);

  await thread.getByRole('button', { name: 'Show images' }).click();
  await expect.poll(() => asked.filter((url) => url.includes('/api/v1/image/')).length).toBeGreaterThan(0);
  expect(foreign()).toEqual([]);
  await page.request.delete(`/api/v1/activity/email/${(await made.json() as { id: string }).id}/`, { headers: { 'X-Postroom': '1' } });
});
