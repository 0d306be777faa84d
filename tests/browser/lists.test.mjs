// Lists with more rows than a page: the server searches, filters and sorts them, more rows are
// loaded by a button, and a list that is returned to is as it was left.

import assert from 'node:assert/strict';

import {
  assertAccessible,
  eventually,
  expectFocus,
  expectHidden,
  expectPath,
  expectText,
  expectVisible,
  tabTo,
} from './support/browser.mjs';
import { journey } from './support/journey.mjs';
import { ANNA, Api, enter } from './support/people.mjs';

const SUBSCRIPTIONS = '/billing/subscriptions';
/** The number of rows that come with a request. */
const PAGE = 50;
/** The number of orders, so that there is more than a page. */
const ORDERS = 60;

const heading = (page) => page.getByRole('heading', { level: 1 });
const rows = (page) => page.getByRole('rowheader');
const links = (page) => rows(page).getByRole('link');
const loadMore = (page) => page.getByRole('button', { name: 'Load more' });
/** The link to the list, above a details page. */
const breadcrumb = (page) => page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link').last();
const scrollPosition = (page) => page.evaluate(() => globalThis.scrollY);

async function expectRows(page, count) {
  await eventually(async () => assert.equal(await rows(page).count(), count));
}

/** Returns the names of the rows, from the top. */
const names = (page) => links(page).allInnerTexts();

/** Orders so many subscriptions that the list needs two pages, and returns their number. */
async function fill(server) {
  const anna = await Api.of(server, ANNA);
  const { value: products } = await anna.get('/api/products');
  const product = products.find(({ name }) => name === 'Power BI Pro');
  await anna.order(product, ORDERS);
  const { '@odata.count': count } = await anna.get('/api/subscriptions?$top=1&$count=true');
  assert.ok(count > PAGE && count < 2 * PAGE, `${count} subscriptions`);
  return count;
}

journey('the next rows are loaded by a button, and get the focus', async ({ page, server }) => {
  const count = await fill(server);
  await enter(page, ANNA, SUBSCRIPTIONS);
  await expectRows(page, PAGE);
  await expectVisible(page.getByText(`${PAGE} of ${count} subscriptions`, { exact: true }));
  await assertAccessible(page);
  await (await tabTo(page, 'button', 'Load more', { limit: 200 })).press('Enter');
  await expectRows(page, count);
  await expectFocus(links(page).nth(PAGE));
  await expectHidden(loadMore(page));
  await expectVisible(page.getByText(`${count} subscriptions`, { exact: true }));
  const ids = await links(page).evaluateAll((links) => links.map((link) => link.href));
  assert.equal(new Set(ids).size, count, 'no row appears twice');
  await assertAccessible(page);

  // A refresh keeps the rows.
  const answered = page.waitForResponse(/api\/subscriptions\?/);
  await page.getByRole('button', { name: 'Refresh' }).click();
  const { value } = await (await answered).json();
  assert.equal(value.length, count, 'all rows come with one request');
  await expectVisible(page.getByText('The list is up to date.'));
  await expectRows(page, count);
});

journey('back from a details page, the list is as it was left', async ({ page, server }) => {
  const count = await fill(server);
  await enter(page, ANNA, SUBSCRIPTIONS);
  await loadMore(page).click();
  await expectRows(page, count);
  const row = links(page).nth(count - 4);
  const name = await row.innerText();
  const href = await row.getAttribute('href');
  await row.scrollIntoViewIfNeeded();
  const position = await scrollPosition(page);
  assert.ok(position > 1_000, `scrolled to ${position}`);

  const expectPlace = async () => {
    await expectPath(page, SUBSCRIPTIONS);
    await expectRows(page, count);
    await expectFocus(row);
    assert.equal(await row.getAttribute('href'), href);
    await eventually(async () => {
      const now = await scrollPosition(page);
      assert.ok(Math.abs(now - position) < 60, `scrolled to ${now} instead of ${position}`);
    });
  };
  await row.click();
  await expectText(heading(page), new RegExp(name));
  await page.goBack();
  await expectPlace();

  // By the link above the page, with the keyboard alone.
  await page.keyboard.press('Enter');
  await expectText(heading(page), new RegExp(name));
  await breadcrumb(page).press('Enter');
  await expectPlace();
});

journey('a search and a filter are kept as well', async ({ page, server }) => {
  await fill(server);
  await enter(page, ANNA, `${SUBSCRIPTIONS}?search=power&status=active&sort=renews&desc=true`);
  await expectRows(page, PAGE);
  await loadMore(page).click();
  await expectRows(page, ORDERS + 1);
  await links(page).last().click();
  await expectText(heading(page), /Power BI Pro/);
  await breadcrumb(page).click();
  await expectPath(page, `${SUBSCRIPTIONS}?search=power&status=active&sort=renews&desc=true`);
  await expectRows(page, ORDERS + 1);
  await expectFocus(links(page).last());
  assert.equal(await page.getByRole('searchbox').inputValue(), 'power');

  // The navigation opens the list from its beginning.
  await page.getByRole('navigation', { name: 'Navigation' }).getByRole('link', { name: 'Products & services' }).click();
  await expectPath(page, SUBSCRIPTIONS);
  await expectRows(page, PAGE);
  assert.equal(await scrollPosition(page), 0);
});

journey('search, filter and order reach rows that are not loaded', async ({ page, server }) => {
  await fill(server);
  await enter(page, ANNA, SUBSCRIPTIONS);
  await expectRows(page, PAGE);
  assert.ok(!(await names(page)).includes('Visio Plan 2'), 'it is on the second page');
  await page.getByRole('searchbox').fill('visio');
  await expectRows(page, 1);
  await expectText(links(page), 'Visio Plan 2');
  await page.getByRole('searchbox').fill('');
  await expectRows(page, PAGE);
  await page.getByRole('combobox', { name: 'Status' }).selectOption({ label: 'Suspended' });
  await expectText(links(page), 'Visio Plan 2');
  await page.getByRole('combobox', { name: 'Status' }).selectOption({ label: 'All' });
  await page.getByRole('button', { name: 'Product' }).click();
  await eventually(async () => assert.equal((await names(page))[0], 'Visio Plan 2'));
  await expectRows(page, PAGE);
});

journey('the log is loaded page by page, and filtered by the server', async ({ page, server }) => {
  await fill(server);
  await enter(page, ANNA, '/activity');
  await expectRows(page, PAGE);
  await loadMore(page).click();
  await expectRows(page, 2 * PAGE);
  const ids = await page.getByText(/^Entry [\d,]+$/).allInnerTexts();
  assert.equal(new Set(ids).size, 2 * PAGE, 'no entry appears twice');
  await page.getByRole('combobox', { name: 'Activity' }).selectOption({ label: 'Order placed' });
  await expectPath(page, '/activity?action=orderPlaced');
  await expectRows(page, PAGE);
  for (const row of await rows(page).all()) await expectText(row, 'Order placed');
  await assertAccessible(page);
});

journey('a mail of a later page opens from its address', async ({ page }) => {
  await page.goto('/outbox');
  const mails = page.getByRole('list', { name: 'Mails' }).getByRole('link');
  await eventually(async () => assert.equal(await mails.count(), PAGE));
  await loadMore(page).click();
  await eventually(async () => assert.ok((await mails.count()) > PAGE));
  await expectFocus(mails.nth(PAGE));
  await mails.last().click();
  const open = page.getByRole('region', { name: 'Open mail' });
  const subject = await open.getByRole('heading', { level: 2 }).innerText();
  await page.reload();
  await expectText(open.getByRole('heading', { level: 2 }), subject);
  assert.equal(await mails.count(), PAGE);
  await assertAccessible(page);
});

journey('in bulk: all that match are changed, loaded or not', async ({ page, server }) => {
  const count = await fill(server);
  await enter(page, ANNA, `${SUBSCRIPTIONS}?search=power+bi+pro`);
  const matches = ORDERS + 1;
  await expectRows(page, PAGE);
  const all = page.getByRole('checkbox', { name: `Select all ${PAGE} subscriptions shown` });
  await all.check();
  await expectVisible(page.getByText(`${PAGE} of ${matches} subscriptions selected`));
  await assertAccessible(page);
  const more = page.getByRole('button', { name: `Select all ${matches} that match` });
  await more.press('Enter');
  const selected = `All ${matches} subscriptions that match are selected`;
  await expectVisible(page.getByLabel(selected));
  await expectVisible(page.getByRole('status').filter({ hasText: selected }));
  const clear = page.getByRole('button', { name: 'Clear selection' });
  await expectFocus(clear);
  await assertAccessible(page);

  // One row less is a selection of the rows that are shown.
  await page.getByRole('checkbox', { name: 'Select Power BI Pro', exact: true }).first().uncheck();
  await expectVisible(page.getByText(`${PAGE - 1} of ${matches} subscriptions selected`));
  await expectHidden(clear);
  await page.getByRole('checkbox', { name: 'Select Power BI Pro', exact: true }).first().check();
  await more.click();

  await page.getByRole('button', { name: 'Set partner of record' }).click();
  const dialog = page.getByRole('dialog', { name: `Set the partner of record of ${matches} subscriptions` });
  await expectVisible(dialog.getByText('This covers every subscription that matches the search and the filters'));
  await dialog.getByLabel('Microsoft Partner ID').fill('6120984');
  await dialog.getByRole('button', { name: 'Check ID' }).click();
  await expectVisible(dialog.getByText(`${matches} subscriptions will change.`));
  await assertAccessible(page);
  await dialog.getByRole('button', { name: 'Set partner of record' }).click();
  await expectVisible(page.getByText(`The partner of record of ${matches} subscriptions was changed.`).first());
  await expectVisible(all);
  const anna = await Api.of(server, ANNA);
  const { '@odata.count': changed } = await anna.get(
    `/api/subscriptions?$top=1&$count=true&$filter=${encodeURIComponent("partnerId eq '6120984'")}`,
  );
  assert.ok(changed >= matches && changed < count, `${changed} of ${count}`);
});

journey('in bulk: what cannot be changed is counted, and left out', async ({ page, server }) => {
  const count = await fill(server);
  await enter(page, ANNA, SUBSCRIPTIONS);
  await page.getByRole('checkbox', { name: /^Select all/ }).check();
  await page.getByRole('button', { name: `Select all ${count} that match` }).click();
  await page.getByRole('button', { name: 'Remove partner of record' }).click();
  const dialog = page.getByRole('dialog');
  await expectVisible(dialog.getByRole('heading', { name: `Remove the partner of record of ${count} subscriptions?` }));
  await expectText(dialog.getByRole('alert'), /^1 subscription can't be changed\. 1 subscription This subscription has ended/);
  await assertAccessible(page);
  await dialog.getByRole('button', { name: 'Leave these out' }).click();
  await expectHidden(dialog.getByRole('alert'));
  await expectVisible(dialog.getByText(/^\d subscriptions will change\.$/));
  await expectVisible(dialog.getByRole('heading', { name: /^Remove the partner of record of \d subscriptions\?$/ }));
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  // Another search has other matches, of which none is selected.
  await page.getByRole('searchbox').fill('visio');
  await expectRows(page, 1);
  await expectVisible(page.getByText('Select the 1 subscription shown'));
});
