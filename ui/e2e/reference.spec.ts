/** The API's reference and the first steps: what they show is copied and run, as a reader would. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, expectAccessible, signIn, test } from './support';

const HEADERS = { 'X-Postroom': '1' };
const NAME = 'Key of the reference test';
const ROOT = join(import.meta.dirname, '..', '..');
type Made = { data: { id: string; name: string }[] };

test.beforeEach(async ({ page }) => { await signIn(page); });
test.afterEach(async ({ page }) => {
  const { data: keys } = await (await page.request.get('/api/v1/api_key/')).json() as Made;
  for (const { id } of keys.filter(({ name }) => name === NAME)) await page.request.delete(`/api/v1/api_key/${id}/`, { headers: HEADERS });
});

const shell = (lines: string, key = '') => execFileSync('sh', ['-c', lines], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, POSTROOM_KEY: key } });
const python = (lines: string, key = '') => execFileSync(process.env.PYTHON ?? '.venv/bin/python', ['-c', lines], { cwd: ROOT, encoding: 'utf8', env: { ...process.env, POSTROOM_KEY: key } });
const shown = async (page: Page, label: string | RegExp) => (await page.getByRole('region', { name: label }).textContent())!;

test('the first steps of a new key run as they stand', async ({ page }) => {
  await page.goto('/settings/keys');
  await page.getByLabel('What is it for?').fill(NAME);
  await page.getByRole('button', { name: 'Create key' }).click();
  await expect(page.getByText('This is the key.')).toBeVisible();
  await expectAccessible(page);
  expect(JSON.parse(shell(await shown(page, /^Does the key work/)))).toMatchObject({ first_name: 'Anna' });
  expect((JSON.parse(shell(await shown(page, /^The five leads/))) as Made).data).toHaveLength(5);
  const lead = JSON.parse(shell(await shown(page, /^A new lead/))) as { id: string };
  await page.request.delete(`/api/v1/lead/${lead.id}/`, { headers: HEADERS }); // by its id: the index may not have it yet
  expect(lead).toMatchObject({ name: 'Bluth Company', contacts: [{ name: 'Michael Bluth' }] });
  await page.getByRole('tab', { name: 'Python' }).click();
  const said = python(await shown(page, /^It works here/)).trim().split('\n');
  expect(said[0]).toBe('Anna');
  expect(said).toHaveLength(6);
});

test('the reference is searched, asks in place, and its examples run', async ({ page }) => {
  const { key } = await (await page.request.post('/api/v1/api_key/', { data: { name: NAME }, headers: HEADERS })).json() as { key: string };
  await page.goto('/settings/keys');
  await page.getByRole('main').getByRole('link', { name: 'API reference' }).last().click();
  await expect(page.getByRole('heading', { name: 'What holds for every request' })).toBeVisible();
  await expectAccessible(page);
  const parts = page.getByRole('navigation', { name: 'What it is about' });
  await parts.getByRole('button', { name: /^lead \d/ }).click();
  await page.getByRole('button', { name: /^GET \/lead\/ / }).click();
  expect((JSON.parse(shell(await shown(page, 'Example'), key)) as Made).data).toHaveLength(2);
  await page.getByText('Python (closeio)').click();
  await expect(page.getByRole('region', { name: 'Example' })).toContainText('closeio');
  expect(python(await shown(page, 'Example'), key)).toContain('display_name');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByRole('status').filter({ hasText: '200, after' })).toContainText('"total_results"');
  await expectAccessible(page);

  await page.getByRole('searchbox', { name: 'Search the API' }).fill('note lead_id post');
  await page.getByRole('button', { name: /^POST \/activity\/note\/ / }).click();
  await expect(page.getByRole('region', { name: 'Example' })).toContainText('"lead_id":"lead_');
  const note = JSON.parse(shell(await shown(page, 'Example'), key)) as { id: string; note: string };
  await page.request.delete(`/api/v1/activity/note/${note.id}/`, { headers: HEADERS });
  expect(note.note).toBe('Met at the fair.');
  await page.getByRole('searchbox', { name: 'Search the API' }).fill('nowhere to be found');
  await expect(page.getByText('No request has “nowhere to be found”')).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto('/reference?part=lead&op=create_lead');
  await expect(page.getByRole('region', { name: 'Example' })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await expectAccessible(page);
});

test('an address that leads nowhere keeps the side bar', async ({ page }) => {
  for (const address of ['/nowhere', '/settings/nowhere', '/leads/import/nowhere']) {
    await page.goto(address);
    await expect(page.getByText('This page does not exist')).toBeVisible();
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Templates' }).click();
    await expect(page).toHaveURL(/\/templates$/);
  }
});
