import { expect, expectAccessible, signIn, test } from './support';

const FILE = 'Company;First name;Last name;E-mail;City;Remark\r\nMühle AG;Rosa;Kern;rosa@muehle.example;Köln;x\r\nMühle AG;Ben;Kern;ben@muehle.example;;\r\nQuartz;Max;;max@quartz;;\r\n';

test.beforeEach(async ({ page }) => { await signIn(page); });

test('a file is mapped, tried, imported and taken back', async ({ page }, info) => {
  const look = async (name: string) => { if (process.env.LOOK) await page.screenshot({ path: `${process.env.LOOK}/${name}.png`, fullPage: true }); void info; };
  await page.goto('/leads');
  await page.getByRole('link', { name: 'Import leads' }).click();
  await expect(page.getByRole('heading', { name: 'Import leads' })).toBeVisible();
  await expectAccessible(page);
  await look('start');
  await page.locator('input[type=file]').setInputFiles({ name: 'leads.csv', mimeType: 'text/csv', buffer: Buffer.from(FILE, 'latin1') });
  await expect(page.getByText('leads.csv, 3 rows')).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Becomes: E-mail' })).toHaveValue('Contact: email address');
  await expect(page.getByText('Mühle AG · Mühle AG · Quartz')).toBeVisible();
  await expectAccessible(page);
  await look('columns');
  await page.getByRole('combobox', { name: 'Becomes: Remark' }).click();
  await page.getByRole('option', { name: 'Lead: description' }).click();
  await expect(page.getByRole('combobox', { name: 'Becomes: Remark' })).toHaveValue('Lead: description');

  await page.getByRole('button', { name: 'Try it out' }).click();
  await expect(page.getByRole('heading', { name: 'What would happen' })).toBeVisible({ timeout: 90_000 });
  await expect(page.getByText("'max@quartz' is not an email address.")).toBeVisible();
  await look('checked');
  await page.getByRole('button', { name: 'Import 2 rows' }).click();
  await expect(page.getByRole('heading', { name: 'Done' })).toBeVisible({ timeout: 90_000 });
  await expectAccessible(page);
  await look('done');
  if (process.env.LOOK) {
    await page.setViewportSize({ width: 390, height: 844 });
    await look('done-narrow');
    await page.setViewportSize({ width: 1440, height: 900 });
  }
  const found = async () => ((await (await page.request.get('/api/v1/lead/?query=name:"Mühle AG"')).json()) as { data: { contacts: unknown[] }[] }).data;
  expect((await found())[0]!.contacts).toHaveLength(2);

  await page.getByRole('button', { name: 'Undo the import' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Undo the import' }).click();
  await expect(page.getByRole('heading', { name: 'Undone' })).toBeVisible({ timeout: 90_000 });
  expect(await found()).toHaveLength(0);
  await page.getByRole('button', { name: 'Import another file' }).click();
  await expect(page.getByRole('link', { name: /leads\.csv/ })).toContainText('Undone');
});

test('the columns can be chosen on a narrow and on a dark screen', async ({ page }) => {
  await page.goto('/leads/import');
  await page.locator('input[type=file]').setInputFiles({ name: 'narrow.csv', mimeType: 'text/csv', buffer: Buffer.from(FILE) });
  await expect(page.getByText('narrow.csv, 3 rows')).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect(page.getByRole('combobox', { name: 'Becomes: Company' })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  await expectAccessible(page);
  if (process.env.LOOK) await page.screenshot({ path: `${process.env.LOOK}/narrow-dark.png`, fullPage: true });
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(page.getByRole('button', { name: 'Choose a CSV file' })).toBeVisible();
});
