/** Every place with the keyboard alone: what has the focus shows it, and what opens gives it back. */
import type { Page } from '@playwright/test';
import { ANNA, expect, openInbox, signIn, test } from './support';

const PLACES = [
  '/mail/inbox', '/mail/done', '/mail/snoozed', '/mail/sent', '/mail/drafts', '/mail/scheduled', '/mail/outbox', '/leads', '/leads/import', '/tasks', '/templates', '/templates/new', '/bulk', '/bulk/new',
  '/settings/accounts', '/settings/accounts/new', '/settings/signature', '/settings/mail', '/settings/shortcuts', '/settings/security', '/settings/keys', '/settings/people', '/settings/groups', '/settings/roles',
  '/settings/domains', '/settings/fields', '/settings/activities', '/settings/links', '/settings/proposals', '/settings/health', '/settings/suppression', '/settings/webhooks', '/settings/why', '/settings/access-log', '/settings/sign-ins', '/reference',
];
const AT_ONCE = 5;
const STEPS = 45; // over the navigation and well into the page
const MENUS = 3;

test.beforeEach(async ({ page }) => { await signIn(page, ANNA); });

async function open(page: Page, place: string): Promise<void> {
  await page.goto(place);
  await expect(page.locator('main h1').or(page.locator('main [role=listbox]')).first()).toBeAttached();
  await expect(page.locator('main [aria-busy=true], main .mantine-Skeleton-root')).toHaveCount(0);
}

/** What came in above may have pushed away what had the focus already: given the focus again it must be in view. */
const focusAgain = (page: Page) => page.evaluate(() => { const element = document.activeElement as HTMLElement; element.blur(); element.focus(); });

/** What has the focus, and why nobody sees that it has; null when nothing but the page has it. */
const focused = (page: Page) => page.evaluate(() => {
  const element = document.activeElement as HTMLElement | null;
  if (!element || element === document.body) return null;
  const name = `${element.tagName.toLowerCase()} "${element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 40) ?? ''}"`;
  const box = element.getBoundingClientRect();
  const isText = element.isContentEditable || (element instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'file'].includes(element.type)) || element instanceof HTMLTextAreaElement; // these show a caret
  const rings = (one: Element | null) => { if (!one) return false; const style = getComputedStyle(one); return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || (style.boxShadow !== 'none' && one.matches(':focus-visible')); };
  // A switch or radio is drawn by what stands beside or around it.
  const isRinged = isText || element.tagName === 'IFRAME' || rings(element) || rings(element.nextElementSibling) || rings(element.parentElement);
  const isSeen = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
  return { name, trouble: isRinged ? isSeen ? '' : 'is outside the window' : 'shows no ring' };
});

async function walk(page: Page, place: string): Promise<string[]> {
  const troubles: string[] = [];
  const passed = new Set<string>();
  let rounds = 0; // a page may begin in its first field
  for (let step = 0; step < STEPS && rounds < 2; step += 1) {
    await page.keyboard.press('Tab');
    let found = await focused(page);
    if (found?.trouble) { await focusAgain(page); found = await focused(page); }
    if (!found) rounds += 1;
    else if (!passed.has(found.name)) {
      passed.add(found.name);
      if (found.trouble) troubles.push(`${place}: ${found.name} ${found.trouble}`);
    }
  }
  if (passed.size < 10) troubles.push(`${place}: Tab reaches only ${[...passed].join(', ')}`);
  return troubles;
}

async function openMenus(page: Page, place: string): Promise<void> {
  const buttons = page.locator('main button[aria-haspopup]:visible:enabled');
  for (let at = 0; at < Math.min(await buttons.count(), MENUS); at += 1) {
    const button = buttons.nth(at);
    const name = `${place}: ${await button.getAttribute('aria-label') ?? await button.textContent()}`;
    await button.focus();
    await page.keyboard.press('Enter');
    await expect(button, name).toHaveAttribute('aria-expanded', 'true');
    await expect.poll(() => page.evaluate(() => document.activeElement?.closest('[role=menu], [role=listbox], [role=dialog]') !== null), { message: name }).toBe(true);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Escape');
    await expect(button, name).toHaveAttribute('aria-expanded', 'false');
    await expect(button, name).toBeFocused();
  }
}

for (let from = 0; from < PLACES.length; from += AT_ONCE) {
  const places = PLACES.slice(from, from + AT_ONCE);
  test(`Tab walks through, the focus is seen, and menus give it back: ${places.join(', ')}`, async ({ page }) => {
    const troubles: string[] = [];
    for (const place of places) {
      await open(page, place);
      troubles.push(...await walk(page, place));
      await openMenus(page, place);
    }
    expect(troubles).toEqual([]);
  });
}

test('every dialog takes the focus, keeps it, and gives it back', async ({ page }) => {
  const dialogs: [place: string, button: string | RegExp][] = [
    ['/leads', 'New lead'], ['/leads?q=status:Potential', 'Save as Smart View'], ['/settings/people', /^Invite/], ['/settings/suppression', 'Add address'],
  ];
  for (const [place, name] of dialogs) {
    await open(page, place);
    const button = page.getByRole('button', { name }).first();
    await button.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await expect(dialog, place).toBeVisible();
    const holds = () => dialog.evaluate((one) => one.contains(document.activeElement));
    await expect.poll(holds, { message: place }).toBe(true);
    for (let step = 0; step < 12; step += 1) {
      await page.keyboard.press(step % 3 ? 'Tab' : 'Shift+Tab');
      await expect.poll(holds, { message: place }).toBe(true);
    }
    await page.keyboard.press('Escape');
    await expect(dialog, place).toHaveCount(0);
    await expect(button, place).toBeFocused();
  }
});

test('what the keys open gives the focus back: the sheet, the palette, the window for writing', async ({ page }) => {
  await openInbox(page);
  const button = page.getByRole('navigation').getByRole('link', { name: /^Leads/ });
  for (const key of ['?', 'Control+k', 'c']) {
    await button.focus();
    await page.keyboard.press(key);
    const dialog = page.getByRole('dialog');
    await expect(dialog, key).toBeVisible();
    await expect.poll(() => dialog.evaluate((one) => one.contains(document.activeElement)), { message: key }).toBe(true);
    await page.keyboard.press('Escape');
    await expect(dialog, key).toHaveCount(0);
    await expect(button, key).toBeFocused();
  }
});
