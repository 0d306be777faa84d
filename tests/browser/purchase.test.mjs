// Buying: the products, the checkout in three steps with the partner of record, help with
// the order, and that an order is placed exactly once.

import assert from 'node:assert/strict';

import {
  assertAccessible,
  expectFocus,
  expectHidden,
  expectPath,
  expectText,
  expectVisible,
  tabTo,
} from './support/browser.mjs';
import { journey } from './support/journey.mjs';
import { ANNA, CARLA, EVA, MARA, Api, enter } from './support/people.mjs';

const LI_NA = 'li.na@jaderiver.example';

const SHOP = '/billing/purchase';
/** A location of Meridian Cloud Services, which works worldwide and in Germany. */
const LOCATION = '4391511';

const heading = (page) => page.getByRole('heading', { level: 1 });
const step = (page) => page.getByRole('heading', { level: 2 }).first();

/** Returns a person's subscriptions. */
async function subscriptions(server, email) {
  return (await (await Api.of(server, email)).get('/api/subscriptions?$top=300')).value;
}

/** Returns the subscriptions that were bought since. */
async function bought(server, email, before) {
  const known = new Set(before.map(({ id }) => id));
  return (await subscriptions(server, email)).filter(({ id }) => !known.has(id));
}

/** Opens the checkout of the first product, and returns its name. */
async function checkout(page, server, email) {
  const { value } = await (await Api.of(server, email)).get('/api/products');
  const path = `${SHOP}/${value[0].id}`;
  await enter(page, email, path);
  await expectText(step(page), 'Order');
  return { product: value[0], path };
}

/** Goes through the checkout to its last step. */
async function toReview(page, licenses) {
  await page.getByLabel('Licenses').fill(licenses);
  await page.getByRole('button', { name: 'Next' }).click();
  await expectText(step(page), 'Payment');
  await page.getByRole('button', { name: 'Next' }).click();
  await expectText(step(page), 'Review and place order');
}

const ENGLISH = {
  shop: 'Purchase services',
  buy: 'Buy',
  steps: ['Order', 'Payment', 'Review and place order'],
  licenses: 'Licenses',
  next: 'Next',
  partner: 'Partner information',
  add: 'Add',
  id: 'Microsoft Partner ID',
  check: 'Check ID',
  leadingZero: "A Partner ID doesn't begin with 0.",
  place: 'Place order',
  placed: 'Your order is placed',
  see: 'Go to the subscription',
};
const DUTCH = {
  shop: 'Services aanschaffen',
  buy: 'Kopen',
  steps: ['Bestelling', 'Betaling', 'Controleren en bestelling plaatsen'],
  licenses: 'Licenties',
  next: 'Volgende',
  partner: 'Partnergegevens',
  add: 'Toevoegen',
  id: 'Microsoft-partner-id',
  check: 'Id controleren',
  leadingZero: 'Een partner-id begint niet met 0.',
  place: 'Bestelling plaatsen',
  placed: 'Uw bestelling is geplaatst',
  see: 'Naar het abonnement',
};

for (const [cloud, email, locale, words] of [
  ['worldwide', ANNA, 'en-US', ENGLISH],
  ['worldwide', ANNA, 'nl-NL', DUTCH],
  ['Germany', EVA, 'en-US', ENGLISH],
  ['Germany', EVA, 'nl-NL', DUTCH],
]) {
  journey(`${cloud}, ${locale}: a product is bought with a partner of record`, { locale }, async ({ page, server }) => {
    const before = await subscriptions(server, email);
    const asked = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/api/partnerIds/check')) asked.push(request.postData());
    });
    await page.goto('/');
    await page.getByRole('textbox').first().fill(email);
    await page.locator('input[type=password]').fill('open sesame demo');
    await page.keyboard.press('Enter');
    await page.getByRole('navigation').getByRole('link', { name: words.shop }).click();
    await expectText(heading(page), words.shop);
    await expectVisible(page.getByRole('link', { name: words.buy }).first());
    await assertAccessible(page);
    await page.getByRole('link', { name: words.buy }).first().click();

    // Order.
    await expectText(step(page), words.steps[0]);
    await assertAccessible(page);
    const licenses = page.getByLabel(words.licenses);
    await licenses.fill('none');
    await page.getByRole('button', { name: words.next }).click();
    await expectFocus(licenses);
    assert.equal(await licenses.getAttribute('aria-invalid'), 'true');
    await assertAccessible(page);
    await licenses.fill('25');
    await page.getByRole('button', { name: words.next }).click();

    // Payment, with the partner in the right pane.
    await expectText(step(page), words.steps[1]);
    await expectFocus(step(page));
    await assertAccessible(page);
    const pane = page.getByRole('region', { name: words.partner });
    await pane.getByRole('button', { name: words.add }).click();
    const field = pane.getByLabel(words.id);
    await expectFocus(field);
    await field.fill(`0${LOCATION}`);
    await expectVisible(pane.getByText(words.leadingZero));
    await pane.getByRole('button', { name: words.check }).click();
    await assertAccessible(page);
    assert.deepEqual(asked, [], 'what is malformed is known before any request');
    await field.fill(` ${LOCATION} `);
    await pane.getByRole('button', { name: words.check }).click();
    await expectVisible(pane.getByText(/Meridian Cloud Services/).first());
    await assertAccessible(page);
    await pane.getByRole('button', { name: words.add }).click();
    await expectHidden(field);
    await expectVisible(pane.getByText(/Meridian Cloud Services/).first());
    await assertAccessible(page);
    await page.getByRole('button', { name: words.next }).click();

    // Review, and the order.
    await expectText(step(page), words.steps[2]);
    await expectVisible(page.getByText(/Meridian Cloud Services/).first());
    await assertAccessible(page);
    assert.deepEqual(await bought(server, email, before), [], 'nothing is bought before it is placed');
    await page.getByRole('button', { name: words.place }).click();
    await expectText(heading(page), words.placed);
    await expectFocus(heading(page));
    await assertAccessible(page);
    const [subscription, ...more] = await bought(server, email, before);
    assert.deepEqual(more, []);
    assert.equal(subscription.quantity, 25);
    assert.equal(subscription.partnerOfRecord.partnerId, LOCATION);

    // After a reload the confirmation is still shown, and nothing is ordered again.
    await page.reload();
    await expectText(heading(page), words.placed);
    await page.getByRole('link', { name: words.see }).click();
    await expectPath(page, `/billing/subscriptions/${subscription.id}`);
    assert.equal((await bought(server, email, before)).length, 1);
  });
}

for (const [locale, note, words] of [
  ['en-US', /invitation/, ENGLISH],
  ['nl-NL', /uitnodiging/, DUTCH],
]) {
  journey(`21Vianet, ${locale}: there is no partner step`, { locale }, async ({ page, server }) => {
    const before = await subscriptions(server, LI_NA);
    const { value } = await (await Api.of(server, LI_NA)).get('/api/products');
    await page.goto(`${SHOP}/${value[0].id}`);
    await page.getByRole('textbox').first().fill(LI_NA);
    await page.locator('input[type=password]').fill('open sesame demo');
    await page.keyboard.press('Enter');
    await expectText(step(page), words.steps[0]);
    assert.equal(await page.locator('details').count(), 0, 'no way through the partners');
    await page.getByRole('button', { name: words.next }).click();
    await expectText(step(page), words.steps[1]);
    assert.equal(await page.getByText(words.partner).count(), 0);
    await expectVisible(page.getByText(note));
    await assertAccessible(page);
    await page.getByRole('button', { name: words.next }).click();
    await expectText(step(page), words.steps[2]);
    await assertAccessible(page);
    await page.getByRole('button', { name: words.place }).click();
    await expectText(heading(page), words.placed);
    const [subscription] = await bought(server, LI_NA, before);
    assert.equal(subscription.partnerOfRecord, undefined);
    assert.equal(subscription.cloud, '21vianet');
  });
}

journey('help leads through the partners and back, and keeps all input', async ({ page, server }) => {
  const { path } = await checkout(page, server, ANNA);
  await page.getByRole('radio', { name: /One year/ }).check();
  await page.getByLabel('Licenses').fill('12');
  await page.getByRole('button', { name: 'Next' }).click();
  const pane = page.getByRole('region', { name: 'Partner information' });
  await pane.getByRole('button', { name: 'Add' }).click();
  await pane.getByLabel('Microsoft Partner ID').fill('43');
  await page.getByText('Need help with your order?').click();
  await assertAccessible(page);
  await page.getByRole('link', { name: 'Get assistance from a Microsoft partner' }).click();
  await expectText(heading(page), 'Find a partner');
  await expectPath(page, `/partners?return=${encodeURIComponent(path)}`);
  await page.getByRole('button', { name: 'Go' }).click();
  await expectVisible(page.getByRole('heading', { level: 2, name: 'Providers' }));
  await page.getByRole('link', { name: 'Back to where you were' }).click();
  await expectPath(page, `${path}?step=payment`);
  assert.equal(await pane.getByLabel('Microsoft Partner ID').inputValue(), '43');
  // Next checks the ID; an unknown ID stops at this step.
  await pane.getByLabel('Microsoft Partner ID').fill('43915111');
  await page.getByRole('button', { name: 'Next' }).click();
  await expectVisible(pane.getByText(/No partner has this Microsoft Partner ID/).first());
  await expectText(step(page), 'Payment');
  await pane.getByLabel('Microsoft Partner ID').fill(LOCATION);
  await page.getByRole('button', { name: 'Next' }).click();
  await expectText(step(page), 'Review and place order');
  // After a reload the step and the order are the same, and the partner's name is shown again.
  await page.reload();
  await expectText(step(page), 'Review and place order');
  await expectVisible(page.getByText(/Meridian Cloud Services/).first());
  await page.goBack();
  await expectText(step(page), 'Payment');
  await page.getByRole('button', { name: 'Back' }).click();
  await expectText(step(page), 'Order');
  assert.equal(await page.getByLabel('Licenses').inputValue(), '12');
  assert.ok(await page.getByRole('radio', { name: /One year/ }).isChecked());
});

journey('the partner can be changed and removed before the order is placed', async ({ page, server }) => {
  await checkout(page, server, ANNA);
  await page.getByRole('button', { name: 'Next' }).click();
  const pane = page.getByRole('region', { name: 'Partner information' });
  await pane.getByRole('button', { name: 'Add' }).click();
  await pane.getByLabel('Microsoft Partner ID').fill(LOCATION);
  await pane.getByRole('button', { name: 'Add' }).click();
  await expectVisible(pane.getByText(/Meridian/).first());
  await pane.getByRole('button', { name: 'Change' }).click();
  const field = pane.getByLabel('Microsoft Partner ID');
  await expectFocus(field);
  assert.equal(await field.inputValue(), LOCATION);
  // A global account is recognized before anything is saved.
  await field.fill('4391500');
  await pane.getByRole('button', { name: 'Add' }).click();
  await expectVisible(pane.getByText(/location/).first());
  await assertAccessible(page);
  await field.fill('5357564');
  await pane.getByRole('button', { name: 'Add' }).click();
  await expectVisible(pane.getByText(/Kestrel Licensing/).first());
  await pane.getByRole('button', { name: 'Change' }).click();
  await field.fill('1');
  await pane.getByRole('button', { name: 'Cancel' }).click();
  await expectVisible(pane.getByText(/Kestrel Licensing/).first());
  await pane.getByRole('button', { name: 'Remove' }).click();
  await expectVisible(pane.getByRole('button', { name: 'Add' }));
  await page.getByRole('button', { name: 'Next' }).click();
  await expectText(step(page), 'Review and place order');
  await expectVisible(page.getByRole('heading', { level: 3, name: 'Partner of record' }));
  assert.equal(await page.getByText(/Kestrel/).count(), 0);
});

journey('a double click places one order', async ({ page, server }) => {
  const before = await subscriptions(server, ANNA);
  await checkout(page, server, ANNA);
  await toReview(page, '3');
  await page.getByRole('button', { name: 'Place order' }).dblclick();
  await expectText(heading(page), 'Your order is placed');
  assert.equal((await bought(server, ANNA, before)).length, 1);
});

journey('a lost answer leads to one order', async ({ page, server, problems }) => {
  const before = await subscriptions(server, ANNA);
  await checkout(page, server, ANNA);
  await toReview(page, '4');
  problems.expectOffline();
  await page.route('**/api/orders', async (route) => {
    // The server gets the order, but its answer does not reach the page.
    await route.fetch();
    await route.abort('failed');
  }, { times: 1 });
  await page.getByRole('button', { name: 'Place order' }).click();
  await expectVisible(page.getByText("We don't know whether your order arrived."));
  await assertAccessible(page);
  problems.expectOffline(false);
  // An order that may have been placed can't be changed.
  assert.equal(await page.getByRole('button', { name: 'Back' }).getAttribute('aria-disabled'), 'true');
  assert.equal((await bought(server, ANNA, before)).length, 1);
  await page.getByRole('button', { name: 'Place order' }).click();
  await expectText(heading(page), 'Your order is placed');
  const orders = await bought(server, ANNA, before);
  assert.deepEqual(orders.map(({ quantity }) => quantity), [4]);
});

journey('Back to a new order and Forward to the one that was placed', async ({ page, server }) => {
  const before = await subscriptions(server, ANNA);
  const { path } = await checkout(page, server, ANNA);
  await toReview(page, '2');
  await page.getByRole('button', { name: 'Place order' }).click();
  await expectText(heading(page), 'Your order is placed');
  const [order] = await bought(server, ANNA, before);
  await page.goBack();
  await expectText(step(page), 'Order');
  await page.goForward();
  await expectText(heading(page), 'Your order is placed');
  await expectPath(page, `${path}?placed=${order.id}`);
  await page.getByRole('link', { name: 'Go to the subscription' }).click();
  await expectPath(page, `/billing/subscriptions/${order.id}`);
});

journey('Buy begins at the first step, with what was typed before', async ({ page, server }) => {
  const { path } = await checkout(page, server, ANNA);
  await toReview(page, '5');
  await page.goto(SHOP);
  await page.locator(`a[href^="${path}"]`).click();
  await expectPath(page, `${path}?step=order`);
  await expectText(step(page), 'Order');
  assert.equal(await page.getByLabel('Licenses').inputValue(), '5');
});

journey('a changed price is shown before anything is bought', async ({ page, server }) => {
  const before = await subscriptions(server, ANNA);
  const { product } = await checkout(page, server, ANNA);
  const { term } = product.prices[0];
  await toReview(page, '6');
  const sent = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/api/orders')) sent.push(request.headers()['repeatability-request-id']);
  });
  await server.command(['product', 'prices', '--id', product.id, '--price', `${term}=123.45EUR`]);
  const place = page.getByRole('button', { name: 'Place order' });
  await place.click();
  await expectVisible(page.getByRole('alert').getByText('The price has changed since it was shown here.'));
  await expectVisible(page.getByText('€123.45 per', { exact: false }).first());
  await expectVisible(page.getByText('€740.70 per', { exact: false }).first());
  await assertAccessible(page);
  assert.deepEqual(await bought(server, ANNA, before), []);
  await place.click();
  await expectText(heading(page), 'Your order is placed');
  const [order] = await bought(server, ANNA, before);
  assert.deepEqual(order.unitPrice, { amount: 12_345, currency: 'EUR' });
  assert.equal(new Set(sent).size, 2, 'at another price it is another order');
});

journey('a reload during the request places one order', async ({ page, server }) => {
  const before = await subscriptions(server, ANNA);
  const { path } = await checkout(page, server, ANNA);
  await toReview(page, '5');
  let arrived;
  const there = new Promise((resolve) => { arrived = resolve; });
  await page.route('**/api/orders', async (route) => {
    await route.fetch();
    // The page is reloaded before the answer arrives.
    arrived();
  }, { times: 1 });
  await page.getByRole('button', { name: 'Place order' }).click();
  await there;
  await page.reload();
  await expectText(step(page), 'Review and place order');
  await expectVisible(page.getByText("We don't know whether your order arrived."));
  // Leaving and coming back makes no difference.
  await page.goto('/activity');
  await page.goto(path);
  await expectText(step(page), 'Review and place order');
  await page.getByRole('button', { name: 'Place order' }).click();
  await expectText(heading(page), 'Your order is placed');
  assert.equal((await bought(server, ANNA, before)).length, 1);
  // The next checkout starts empty.
  await page.goto(path);
  await expectText(step(page), 'Order');
  assert.equal(await page.getByLabel('Licenses').inputValue(), '1');
});

journey('nothing is lost when the server is down', async ({ page, server, problems }) => {
  const before = await subscriptions(server, ANNA);
  await checkout(page, server, ANNA);
  await toReview(page, '6');
  problems.expectOffline();
  await server.kill();
  await page.getByRole('button', { name: 'Place order' }).click();
  await expectVisible(page.getByText(/The server can't be reached/));
  await server.start();
  problems.expectOffline(false);
  await page.getByRole('button', { name: 'Place order' }).click();
  await expectText(heading(page), 'Your order is placed');
  assert.deepEqual((await bought(server, ANNA, before)).map(({ quantity }) => quantity), [6]);
});

journey('a copy of the window places no order twice, and another order only in a new checkout', async ({ page, server }) => {
  const before = await subscriptions(server, ANNA);
  const { path } = await checkout(page, server, ANNA);
  await toReview(page, '7');
  const kept = await page.evaluate(() => ({ ...sessionStorage }));
  const copy = await page.context().newPage();
  await copy.goto('/activity');
  await copy.evaluate((kept) => Object.assign(sessionStorage, kept), kept);
  await copy.goto(path);
  await expectText(step(copy), 'Review and place order');
  await copy.getByRole('button', { name: 'Back' }).click();
  await copy.getByRole('button', { name: 'Back' }).click();
  await copy.getByLabel('Licenses').fill('8');
  await copy.getByRole('button', { name: 'Next' }).click();
  await copy.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Place order' }).click();
  await expectText(heading(page), 'Your order is placed');
  await copy.getByRole('button', { name: 'Place order' }).click();
  await expectVisible(copy.getByText('An order was already placed from this page.').first());
  await assertAccessible(copy);
  assert.equal((await bought(server, ANNA, before)).length, 1);
  await copy.getByRole('button', { name: 'Start a new order' }).click();
  await copy.getByRole('button', { name: 'Place order' }).click();
  await expectText(heading(copy), 'Your order is placed');
  const orders = await bought(server, ANNA, before);
  assert.deepEqual(orders.map(({ quantity }) => quantity).sort(), [7, 8]);
});

journey('the checkout by keyboard alone', async ({ page, server }) => {
  const before = await subscriptions(server, ANNA);
  await enter(page, ANNA, SHOP);
  await tabTo(page, 'link', /^Buy/);
  await page.keyboard.press('Enter');
  await expectText(step(page), 'Order');
  await tabTo(page, 'textbox', 'Licenses');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('9');
  await page.keyboard.press('Enter');
  await expectFocus(page.getByRole('heading', { level: 2, name: 'Payment' }));
  await tabTo(page, 'button', 'Add');
  await page.keyboard.press('Enter');
  await expectFocus(page.getByLabel('Microsoft Partner ID'));
  await page.keyboard.type(LOCATION);
  await page.keyboard.press('Enter');
  await expectVisible(page.getByText(/Meridian Cloud Services/).first());
  await tabTo(page, 'button', 'Add');
  await page.keyboard.press('Enter');
  await expectVisible(page.getByRole('button', { name: 'Change' }));
  await tabTo(page, 'button', 'Next');
  await page.keyboard.press('Enter');
  await expectFocus(page.getByRole('heading', { level: 2, name: 'Review and place order' }));
  await tabTo(page, 'button', 'Place order');
  await page.keyboard.press('Enter');
  await expectFocus(page.getByRole('heading', { level: 1, name: 'Your order is placed' }));
  const [subscription] = await bought(server, ANNA, before);
  assert.equal(subscription.partnerOfRecord.partnerId, LOCATION);
});

journey('a Global reader sees the prices and why nothing can be bought', async ({ page, server }) => {
  await enter(page, CARLA, SHOP);
  const buy = page.getByRole('button', { name: 'Buy' }).first();
  await expectVisible(buy);
  assert.equal(await buy.getAttribute('aria-disabled'), 'true');
  await expectVisible(page.getByText(/Only a Global or Billing administrator/).first());
  await assertAccessible(page);
  const { value } = await (await Api.of(server, CARLA)).get('/api/products');
  await page.goto(`${SHOP}/${value[0].id}`);
  await expectVisible(page.getByText(/Only a Global or Billing administrator/).first());
  assert.equal(await page.getByRole('button', { name: 'Next' }).count(), 0);
  await assertAccessible(page);
});

journey('an unknown product, and a partner, which cannot buy for itself', async ({ page, visitor }) => {
  await enter(page, ANNA, `${SHOP}/018bcfe5-6800-7000-8000-000000000001`);
  await expectVisible(page.getByRole('main').getByRole('link', { name: 'Purchase services' }).last());
  await assertAccessible(page);
  const { page: partner } = await visitor();
  await enter(partner, MARA, SHOP);
  await expectVisible(partner.getByText(/Only the customer can do this/));
  await assertAccessible(partner);
});

journey('a reseller orders once the agreement is accepted, and learns how to get it accepted', async ({ page, server, visitor }) => {
  const mara = await Api.of(server, MARA);
  const { value } = await mara.get('/api/relationships?$top=300');
  const sells = (agreement) => value.find((one) => one.status === 'active' && one.agreement === agreement);
  const without = sells('notAccepted');
  assert.ok(without, 'a customer of the reseller has not accepted the agreement');

  // Without the agreement: the reason, and the page on which the customer accepts.
  await enter(page, MARA, `/customers/${without.id}/purchase`);
  await expectText(heading(page), 'Purchase services');
  const buy = page.getByRole('button', { name: 'Buy' }).first();
  await expectVisible(buy);
  assert.equal(await buy.getAttribute('aria-disabled'), 'true');
  await expectVisible(page.getByRole('link', { name: `${server.url}/billing/accounts/agreement` }));
  await assertAccessible(page);
  const { value: products } = await mara.get(`/api/products?$filter=relationship eq '${without.id}'`);
  await page.goto(`/customers/${without.id}/purchase/${products[0].id}`);
  await expectVisible(page.getByRole('link', { name: `${server.url}/billing/accounts/agreement` }));
  assert.equal(await page.getByRole('button', { name: 'Next' }).count(), 0);
  await assertAccessible(page);

  // The customer accepts.
  const { page: customer } = await visitor();
  await enter(customer, EVA, '/billing/accounts/agreement');
  await customer.getByRole('button', { name: 'Microsoft Customer Agreement' }).first().click();
  await customer.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click();
  await customer.getByRole('checkbox').check();
  await customer.getByRole('button', { name: 'Accept', exact: true }).click();
  await expectPath(customer, '/settings/partner-relationships');

  // Now it works, without a partner of record: only the customer sets that.
  await page.reload();
  await expectText(step(page), 'Order');
  await page.getByLabel('Licenses').fill('11');
  await page.getByRole('button', { name: 'Next' }).click();
  await expectText(step(page), 'Payment');
  assert.equal(await page.getByText('Partner information').count(), 0);
  await expectVisible(page.getByText(without.customerName).first());
  await assertAccessible(page);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Place order' }).click();
  await expectText(heading(page), 'Your order is placed');
  await assertAccessible(page);
  await page.getByRole('link', { name: 'Go to the subscription' }).click();
  await expectPath(page, new RegExp(`^/customers/${without.id}/subscriptions/`));
  const sold = await subscriptions(server, EVA);
  const order = sold.find(({ quantity }) => quantity === 11);
  assert.equal(order.seller.partnerName, 'Meridian Cloud Services');
  assert.equal(order.partnerOfRecord, undefined);
});

journey('an order that the server refuses says what to do, and can be changed', async ({ page, server }) => {
  const before = await subscriptions(server, ANNA);
  await checkout(page, server, ANNA);
  await toReview(page, '2');
  // The page allows it; the server checks again and refuses.
  for (const [status, code, text] of [
    [409, 'agreementNotAccepted', /hasn't accepted the Microsoft Customer Agreement/],
    [403, 'billingAdministratorRequired', /Only a Global or Billing administrator/],
    [429, 'tooManyAttempts', /Too many attempts/],
  ]) {
    await page.route('**/api/orders', (route) => route.fulfill({
      status,
      contentType: 'application/json',
      body: JSON.stringify({ error: { code, message: 'No.' } }),
    }), { times: 1 });
    await page.getByRole('button', { name: 'Place order' }).click();
    await expectVisible(page.getByRole('alert').getByText(text));
    await assertAccessible(page);
  }
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'Back' }).click();
  await toReview(page, '13');
  assert.equal(await page.getByRole('alert').count(), 0, 'it was told where it was refused');
  await page.getByRole('button', { name: 'Place order' }).click();
  await expectText(heading(page), 'Your order is placed');
  assert.deepEqual((await bought(server, ANNA, before)).map(({ quantity }) => quantity), [13]);
});
