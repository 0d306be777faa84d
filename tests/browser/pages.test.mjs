// Requirements of every page: accessibility, keyboard, narrow windows, languages.

import assert from 'node:assert/strict';

import { assertAccessible, expectFocus, expectText, expectVisible, signIn, tabTo } from './support/browser.mjs';
import { journey } from './support/journey.mjs';
import { ANNA, GRACE, MARA, PASSWORD, Api, enter } from './support/people.mjs';

/** Returns the paths of all of Anna's pages. */
async function paths(server) {
  const anna = await Api.of(server, ANNA);
  const oakline = await anna.relationship('Oakline IT');
  const { value } = await anna.get('/api/invitations');
  const waiting = value.find(({ status }) => status === 'sent');
  const { value: products } = await anna.get('/api/products');
  const { value: subscriptions } = await anna.get('/api/subscriptions');
  return [
    '/',
    '/billing/purchase',
    `/billing/purchase/${products[0].id}`,
    '/billing/subscriptions',
    '/billing/subscriptions/import',
    `/billing/subscriptions/${subscriptions[0].id}`,
    `/billing/subscriptions/${subscriptions[0].id}/partner`,
    '/billing/accounts',
    '/billing/accounts/partner-relationships',
    '/billing/accounts/agreement',
    '/settings/partner-relationships',
    `/settings/partner-relationships/${oakline.id}`,
    `/partner-invitation/${waiting.id}`,
    '/help/partners',
    '/activity',
    '/outbox',
    '/no/such/page',
  ];
}

/** Waits until a page shows its content and no loading indicator. */
async function settled(page) {
  await expectVisible(page.getByRole('heading', { level: 1 }));
  await page.waitForLoadState('networkidle');
  await page.getByText('Loading', { exact: true }).first().waitFor({ state: 'detached' });
}

for (const [theme, locale, width] of [
  ['light', 'en-US', 1280],
  ['dark', 'nl-NL', 1280],
  ['light', 'nl-NL', 390],
  ['dark', 'en-US', 320],
]) {
  journey(`no page has a barrier or scrolls sideways: ${theme}, ${locale}, ${width} pixels`, { theme, locale, width }, async ({ page, server }) => {
    await page.goto('/');
    await expectVisible(page.getByRole('heading', { level: 1 }));
    await assertAccessible(page);
    await page.getByRole('button', { name: /Anna de Vries/ }).click();
    await expectVisible(page.getByRole('button', { name: /^Account$/ }));
    for (const path of await paths(server)) {
      await page.goto(path);
      await settled(page);
      await assertAccessible(page);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wide <= 0, `${path} is ${wide} pixels wider than the window`);
      assert.equal(await page.evaluate(() => document.documentElement.lang), locale.slice(0, 2));
    }
  });
}

journey('the pages of a partner are accessible too', async ({ page }) => {
  await enter(page, MARA);
  for (const path of ['/', '/activity', '/help/partners']) {
    await page.goto(path);
    await settled(page);
    await assertAccessible(page);
  }
});

journey('after a navigation the heading has the focus, and the title names the page', async ({ page }) => {
  await enter(page, ANNA);
  for (const [link, heading] of [
    ['Partner relationships', 'Partner relationships'],
    ['Billing accounts', 'Billing accounts'],
    ['Activity', 'Activity'],
  ]) {
    await tabTo(page, 'link', link);
    await page.keyboard.press('Enter');
    await expectFocus(page.getByRole('heading', { level: 1, name: heading }));
    assert.match(await page.title(), new RegExp(`^${heading}`));
  }
  await page.goBack();
  await expectText(page.getByRole('heading', { level: 1 }), 'Billing accounts');
});

journey('the first Tab reaches the link that skips the navigation', async ({ page }) => {
  await enter(page, ANNA, '/activity');
  await page.goto('/activity');
  await expectVisible(page.getByRole('heading', { level: 1 }));
  await page.keyboard.press('Tab');
  await expectFocus(page.getByRole('link', { name: 'Skip to main content' }));
  await page.keyboard.press('Enter');
  await expectFocus(page.getByRole('main'));
});

journey('the language changes at once and is remembered', async ({ page }) => {
  await enter(page, ANNA, '/settings/partner-relationships');
  await page.getByRole('button', { name: 'Language' }).click();
  await page.getByRole('button', { name: 'Nederlands' }).click();
  await expectText(page.getByRole('heading', { level: 1 }), 'Partnerrelaties');
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'nl');
  await page.reload();
  await expectText(page.getByRole('heading', { level: 1 }), 'Partnerrelaties');
});

journey('in a narrow window every value of a table carries its column\'s name', { width: 390 }, async ({ page }) => {
  await enter(page, ANNA);
  for (const path of ['/settings/partner-relationships', '/help/partners', '/activity']) {
    await page.goto(path);
    await settled(page);
    const cells = await page.getByRole('cell').all();
    assert.ok(cells.length > 20, path);
    for (const cell of cells) {
      // The name is only visual: assistive technology has the column's heading.
      const label = cell.locator('[aria-hidden="true"]').first();
      assert.notEqual((await label.innerText()).trim(), '', `${path}: ${await cell.innerText()}`);
    }
  }
});

journey('in a narrow window the navigation is a drawer', { width: 390 }, async ({ page }) => {
  await enter(page, ANNA);
  await page.getByRole('button', { name: 'Open navigation' }).click();
  const drawer = page.getByRole('dialog', { name: 'Navigation' });
  await expectVisible(drawer);
  await assertAccessible(page);
  await drawer.getByRole('link', { name: 'Activity' }).click();
  await expectText(page.getByRole('heading', { level: 1 }), 'Activity');
  await expectFocus(page.getByRole('heading', { level: 1, name: 'Activity' }));
});

journey('signing in says what is wrong with each field, and loses nothing', async ({ page, server, problems }) => {
  await page.goto('/');
  const email = page.getByLabel(/^Email/);
  const password = page.getByRole('textbox', { name: /^Password/ });
  const button = page.getByRole('button', { name: 'Sign in', exact: true });
  await button.click();
  await expectVisible(page.getByText('Enter a value.').first());
  await expectFocus(email);
  await email.fill('anna');
  await password.fill('something');
  await button.click();
  await expectVisible(page.getByText('Enter an email address like').first());
  await assertAccessible(page);
  await email.fill(ANNA);
  await button.click();
  await expectVisible(page.getByText("The email address and the password don't belong together.").first());
  assert.equal(await email.inputValue(), ANNA);
  problems.expectOffline();
  await server.kill();
  await password.fill(PASSWORD);
  await button.click();
  await expectVisible(page.getByText("The server can't be reached.").first());
  assert.equal(await password.inputValue(), PASSWORD, 'nothing typed is lost');
  await server.start();
  problems.expectOffline(false);
  await button.click();
  await expectVisible(page.getByRole('navigation', { name: 'Navigation' }));
});

journey('signing out ends the session in every window', async ({ page, visitor }) => {
  const { page: other } = await visitor();
  await enter(page, ANNA);
  await enter(other, ANNA);
  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await expectVisible(page.getByRole('button', { name: 'Sign in', exact: true }));
  await other.getByRole('link', { name: 'Activity' }).click();
  await expectVisible(other.getByRole('button', { name: 'Sign in', exact: true }));
  // Signing in leads to the page that was requested.
  await signIn(other, GRACE, PASSWORD);
  await expectText(other.getByRole('heading', { level: 1 }), 'Activity');
});
