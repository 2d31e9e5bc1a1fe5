/** Many tabs: a browser keeps six connections to a host, so that they share the one that tells what happens. */
import { ANNA, expect, signIn, test } from './support';

const HEADERS = { 'X-Postroom': '1' };
const TABS = 8;

test('eight tabs load and each sees a change live, also when the first is closed', async ({ page, context }) => {
  await signIn(page, ANNA);
  const made = await page.request.post('/api/v1/lead/', { data: { name: 'Seen By All' }, headers: HEADERS });
  const { id } = await made.json() as { id: string };
  const rename = async (name: string) => { expect((await page.request.put(`/api/v1/lead/${id}/`, { data: { name }, headers: HEADERS })).ok()).toBe(true); };
  try {
    const tabs = [page];
    while (tabs.length < TABS) tabs.push(await context.newPage());
    for (const tab of tabs) {
      await tab.goto(`/leads/${id}`);
      await expect(tab.getByRole('heading', { name: 'Seen By All' })).toBeVisible();
    }
    await rename('Seen By Eight');
    for (const tab of tabs) await expect(tab.getByRole('heading', { name: 'Seen By Eight' })).toBeVisible();
    const [first, ...others] = tabs;
    await first!.goto('about:blank'); // leaves as a closed one does; its requests are still needed
    await rename('Seen By Seven');
    for (const tab of others) await expect(tab.getByRole('heading', { name: 'Seen By Seven' })).toBeVisible();
    await first!.goBack(); // what it missed is there
    await expect(first!.getByRole('heading', { name: 'Seen By Seven' })).toBeVisible();
    for (const tab of others) await tab.close();
    await rename('Seen By One');
    await expect(first!.getByRole('heading', { name: 'Seen By One' })).toBeVisible();
  } finally {
    await page.request.delete(`/api/v1/lead/${id}/`, { headers: HEADERS });
  }
});
