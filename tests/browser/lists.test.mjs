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
