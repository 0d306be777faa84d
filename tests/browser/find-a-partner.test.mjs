// Finding partners, writing to them, and following what they answer.

import assert from 'node:assert/strict';

import { assertAccessible, expectHidden, expectText, expectVisible } from './support/browser.mjs';
import { journey } from './support/journey.mjs';
import { ANNA, CARLA, MARA, Api, enter } from './support/people.mjs';

const heading = (page) => page.getByRole('heading', { level: 1 });
const names = (page) => page.getByRole('heading', { level: 3 }).allTextContents();

/** Searches, and waits for the results. */
async function search(page, keywords) {
  await page.getByRole('searchbox', { name: 'Keywords' }).fill(keywords);
  await page.getByRole('button', { name: 'Go' }).click();
  await page.waitForURL((url) => url.searchParams.get('search') === keywords);
  await expectHidden(page.locator('main [aria-busy]').first());
}

journey('find, select over two searches, contact, and follow the requests', async ({ page }) => {
  await enter(page, ANNA, '/');
  await page.getByRole('link', { name: 'Find a partner', exact: true }).first().click();
  await expectText(heading(page), 'Find a partner');
  await expectVisible(page.getByText('Where are you, and what do you need?'));
  await assertAccessible(page);
  assert.equal(await page.getByRole('combobox', { name: 'Country or region' }).inputValue(), 'NL');

  await search(page, 'migration');
  const first = (await names(page))[0];
  await expectVisible(page.locator('mark').first());
  await assertAccessible(page);
  await page.getByRole('checkbox', { name: `Select ${first}` }).check();
  await search(page, 'training');
  const second = (await names(page)).find((name) => name !== first);
  await page.getByRole('checkbox', { name: `Select ${second}` }).check();
  const bar = page.getByRole('region', { name: 'Selected providers' });
  await expectVisible(bar.getByText('2 providers are selected:'));
  await expectVisible(bar.getByText(first));

  // Back returns to the search before, and the selection stays.
  await page.goBack();
  await page.waitForURL(/search=migration/);
  await expectVisible(page.getByRole('checkbox', { name: `Select ${first}`, checked: true }));
  await expectVisible(bar.getByText(second));

  await bar.getByRole('button', { name: 'Contact selected providers' }).click();
  await expectText(heading(page), 'Contact selected providers');
  assert.equal(await page.getByLabel('Contact person').inputValue(), 'Anna de Vries');
  assert.equal(await page.getByLabel('Email').inputValue(), ANNA);
  await page.getByRole('button', { name: 'Send' }).click();
  // Each missing value is named with a link to its field, and nothing is lost.
  await expectVisible(page.getByRole('alert').getByRole('link', { name: /^Business needs:/ }));
  await assertAccessible(page);
  await page.getByLabel('Business needs').fill('Move eleven terabytes to SharePoint.');
  await page.getByRole('combobox', { name: 'Organization size' }).selectOption('251to1000');
  await page.getByLabel('Email').fill('anna@elsewhere.example');
  await page.getByRole('checkbox', { name: /^I agree/ }).check();
  await page.getByRole('button', { name: 'Send' }).click();
  await expectVisible(page.getByText(/Use an email address of brightwater.example/).first());
  await page.getByLabel('Email').fill(ANNA);
  // Going back to the results and forward again loses nothing either.
  await page.getByRole('button', { name: 'Back to the results' }).click();
  await bar.getByRole('button', { name: 'Contact selected providers' }).click();
  assert.equal(
    await page.getByLabel('Business needs').inputValue(),
    'Move eleven terabytes to SharePoint.',
  );
  await page.getByRole('button', { name: 'Send' }).click();
  await expectText(heading(page), 'My requests');
  for (const name of [first, second]) {
    await expectVisible(page.getByRole('heading', { level: 2, name }).first());
  }
  await assertAccessible(page);
});

journey('a link opens a search, also one without results', async ({ page }) => {
  await enter(page, ANNA, '/partners?country=NL&search=zzzz&return=%2Fbilling%2Faccounts');
  await expectVisible(page.getByText('No partner matches your search'));
  await assertAccessible(page);
  await page.getByRole('button', { name: 'Clear the search' }).click();
  await expectVisible(page.getByRole('heading', { level: 2, name: 'Providers' }));
  assert.match(page.url(), /return=/);
  await page.getByRole('link', { name: 'Back to where you were' }).click();
  await expectText(heading(page), 'Billing accounts');
  await page.goto('/partners?country=NL&return=https%3A%2F%2Fevil.example');
  await expectVisible(page.getByRole('heading', { level: 2, name: 'Providers' }));
  assert.equal(await page.getByRole('link', { name: 'Back to where you were' }).count(), 0);
});

journey('more results are appended, and ten partners can be selected', async ({ page }) => {
  await enter(page, ANNA, '/partners?country=NL');
  await expectVisible(page.getByRole('heading', { level: 3 }).first());
  const boxes = page.getByRole('checkbox');
  const count = await boxes.count();
  for (let index = 0; index < Math.min(count, 10); index += 1) await boxes.nth(index).check();
  if (count > 10) {
    await expectVisible(page.getByText(/at most 10 providers/).first());
    assert.equal(await boxes.nth(10).getAttribute('aria-disabled'), 'true');
    await assertAccessible(page);
  }
  const more = page.getByRole('button', { name: 'Show more' });
  if (await more.isVisible()) {
    await more.click();
    await page.waitForFunction((before) => document.querySelectorAll('h3').length > before, count);
    await expectVisible(page.getByRole('checkbox', { checked: true }).first());
  }
});

journey('the selection stays for another search text, and not for another country', async ({ page }) => {
  await enter(page, ANNA, '/partners?country=NL');
  await page.getByRole('checkbox', { name: 'Select Meridian Cloud Services' }).check();
  const selection = page.getByRole('region', { name: 'Selected providers' });
  await expectText(selection, /1 provider is selected/);
  await page.getByLabel(/Keywords/).fill('migration');
  await page.getByRole('button', { name: 'Go' }).click();
  await page.waitForURL(/search=migration/);
  await expectText(selection, /1 provider is selected/);
  await page.getByRole('combobox', { name: 'Country or region' }).selectOption({ label: 'Germany' });
  await page.getByRole('button', { name: 'Go' }).click();
  await page.waitForURL(/country=DE/);
  await expectText(selection, /No provider is selected yet/);
});

journey('a Global reader searches and cannot send', async ({ page }) => {
  await enter(page, CARLA, '/partners?country=NL');
  await page.getByRole('checkbox').first().check();
  await page.getByRole('button', { name: 'Contact selected providers' }).click();
  const send = page.getByRole('button', { name: 'Send' });
  await expectVisible(send);
  assert.equal(await send.getAttribute('aria-disabled'), 'true');
  await expectVisible(page.getByText(/Billing administrator/).first());
  await assertAccessible(page);
  await page.goto('/partners/contact');
  await expectVisible(page.getByText('No provider is selected'));
});

journey('a partner gets an explanation instead of the search', async ({ page }) => {
  await enter(page, MARA, '/partners');
  await expectVisible(page.getByText('This page is for customers'));
  await assertAccessible(page);
  await page.goto('/partners/requests');
  await expectVisible(page.getByText('This page is for customers'));
});

journey('My requests shows the status of each request', async ({ page, server }) => {
  const { value } = await (await Api.of(server, ANNA)).get('/api/enquiries');
  const states = new Set(value.map(({ status }) => status));
  for (const state of ['sent', 'declined', 'invited', 'expired']) assert.ok(states.has(state), state);
  await enter(page, ANNA, '/partners/requests');
  for (const text of ['The provider declined.', "The provider didn't answer in time.", 'The provider answered with an invitation.']) {
    await expectVisible(page.getByText(text).first());
  }
  await assertAccessible(page);
  await page.getByRole('link', { name: /^See the invitation/ }).first().click();
  await page.waitForURL(/partner-invitation/);
});

const LI_NA = 'li.na@jaderiver.example';

/** Returns the path of the pending invitation in 21Vianet's cloud. */
async function waiting(server) {
  const { value } = await (await Api.of(server, LI_NA)).get('/api/invitations');
  return value.find(({ status, offer }) => status === 'sent' && offer);
}

journey('in 21Vianet: Yes, Next, the agreement, and the offer waits', async ({ page, server }) => {
  const invitation = await waiting(server);
  await enter(page, LI_NA, `/partner-invitation/${invitation.id}`);
  await expectVisible(page.getByText(invitation.code));
  await expectVisible(page.getByText(invitation.offer.product).first());
  await expectVisible(page.getByText(/Accord has not verified/));
  await assertAccessible(page);
  const next = page.getByRole('button', { name: 'Next' });
  assert.equal(await next.getAttribute('aria-disabled'), 'true');
  const group = page.getByRole('group', { name: 'Partner relationships' });
  await group.getByRole('radio', { name: 'Yes' }).check();
  await next.click();
  await expectVisible(page.getByText('Step 2 of 2: read and accept the agreement'));
  await assertAccessible(page);
  await page.getByRole('button', { name: 'Microsoft Customer Agreement' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click();
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Accept & Authorize' }).click();
  await expectText(heading(page), 'Create your trial');
  await page.getByRole('link', { name: 'Not now' }).click();
  await expectText(heading(page), 'Partner relationships');
  await page.goto('/');
  await expectVisible(page.getByRole('heading', { name: /Offers waiting/ }));
  await expectVisible(page.getByText(new RegExp(invitation.offer.product)).first());
  await assertAccessible(page);
  await page.getByRole('link', { name: invitation.partner.name }).first().click();
  await expectVisible(page.getByRole('button', { name: 'Create trial' }));
  await assertAccessible(page);
});

journey('in 21Vianet: No says what follows, and cancels', async ({ page, server }) => {
  const invitation = await waiting(server);
  await enter(page, LI_NA, `/partner-invitation/${invitation.id}`);
  await page.getByRole('radio', { name: 'No' }).check();
  await page.getByRole('button', { name: 'Next' }).click();
  await expectVisible(page.getByText(/gets no access to your organization/).first());
  await assertAccessible(page);
  await page.getByRole('button', { name: 'Back' }).click();
  assert.ok(await page.getByRole('radio', { name: 'No' }).isChecked());
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByLabel('Reason').fill('Not now.');
  await page.getByRole('button', { name: 'Cancel the invitation' }).click();
  await expectVisible(page.getByText('This invitation was canceled by your organization'));
  await expectVisible(page.getByText('Not now.'));
});
