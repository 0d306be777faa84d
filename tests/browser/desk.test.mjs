// The partner's desk: enquiries, invitations, customers, profile.

import assert from 'node:assert/strict';

import {
  assertAccessible,
  eventually,
  expectHidden,
  expectPath,
  expectText,
  expectVisible,
  tabTo,
} from './support/browser.mjs';
import { journey } from './support/journey.mjs';
import { ANNA, EVA, MARA, Api, enter } from './support/people.mjs';

const SAM = 'sam@meridiancloud.example';
const HUGO = 'hugo@meridiancloud.example';
const HAI = 'wang.hai@haiyun.example';

const ID = '[0-9a-f-]{36}';

/** Waits until the page shows the draft's save status. */
function saved(page, text = 'Saved') {
  return eventually(async () => {
    const said = await page.getByRole('status').allInnerTexts();
    assert.ok(said.some((one) => one.startsWith(text)), `${text} is not among ${said}`);
  });
}

/** Starts an invitation to the organization with this domain. */
async function begin(page, domain, type) {
  await page.goto('/invitations/new');
  await page.getByLabel('By its email domain').check();
  await page.getByLabel('Email domain', { exact: true }).fill(domain);
  await page.getByLabel(type, { exact: true }).check();
  await saved(page);
}

/** Returns the draft or invitation that the page's address names. */
function idOf(page) {
  return new RegExp(`/invitations/(${ID})`).exec(page.url())[1];
}

for (const [theme, locale, width] of [
  ['light', 'en-US', 1280],
  ['dark', 'nl-NL', 390],
]) {
  journey(`no page of the desk has a barrier or scrolls sideways: ${theme}, ${locale}, ${width} pixels`, { theme, locale, width }, async ({ page, server }) => {
    const mara = await Api.of(server, MARA);
    const { value: enquiries } = await mara.get('/api/enquiries');
    const { value: invitations } = await mara.get('/api/invitations');
    const { value: customers } = await mara.get('/api/relationships');
    await page.goto('/');
    await page.getByRole('button', { name: /Mara Visser/ }).click();
    await expectVisible(page.getByRole('button', { name: /^Account$/ }));
    for (const path of [
      '/',
      '/enquiries',
      ...enquiries.map(({ id }) => `/enquiries/${id}`),
      '/enquiries/none',
      '/invitations',
      '/invitations?status=withdrawn',
      '/invitations/new',
      ...invitations.map(({ id }) => `/invitations/${id}`),
      `/invitations/${invitations[0].id}/preview`,
      '/invitations/none',
      '/customers',
      ...customers.map(({ id }) => `/customers/${id}`),
      '/profile',
    ]) {
      await page.goto(path);
      await expectVisible(page.getByRole('heading', { level: 1 }).first());
      await page.getByText(/^(Loading|Laden)$/).first().waitFor({ state: 'detached' });
      await assertAccessible(page);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wide <= 0, `${path} is ${wide} pixels wider than the window`);
    }
  });
}

journey('an invitation is saved while it is typed', async ({ page }) => {
  await enter(page, MARA, '/invitations/new');
  await expectVisible(page.getByText('Choose a customer and a relationship type; from then on it is saved.'));
  await begin(page, 'brightwater.example', 'Advisor');
  await expectText(page.getByRole('heading', { level: 1 }), 'Invitation to Brightwater Schools');
  await expectPath(page, new RegExp(`^/invitations/${ID}$`));

  // An invalid value is reported at its field, and stays there.
  const recipient = page.getByLabel('Goes to');
  await recipient.fill('nobody');
  await saved(page, 'Not saved');
  await expectVisible(page.getByText(/Enter an email address/));
  assert.equal(await recipient.inputValue(), 'nobody');
  assert.equal(await recipient.getAttribute('aria-invalid'), 'true');
  await recipient.fill('somebody@elsewhere.example');
  await saved(page, 'Not saved');
  await eventually(async () => {
    const described = await recipient.getAttribute('aria-describedby');
    assert.match(described, /error/, 'the refusal is at the field');
  });
  await assertAccessible(page);
  await recipient.fill('anna@brightwater.example');
  await page.getByLabel('Name of the recipient').fill('Anna de Vries');
  await page.getByLabel('Ask for admin roles').check();
  await expectVisible(page.getByText('Helpdesk administrator', { exact: true }));
  await page.getByLabel('Your message').pressSequentially('We met on Tuesday.');
  await saved(page);
  await page.reload();
  await saved(page);
  assert.equal(await page.getByLabel('Your message').inputValue(), 'We met on Tuesday.');
  assert.ok(await page.getByLabel('Ask for admin roles').isChecked());

  // A type that holds no roles can't ask for any, and says so.
  await page.getByLabel('OEM PC partner').check();
  const ask = page.getByLabel('Ask for admin roles');
  assert.equal(await ask.getAttribute('aria-disabled'), 'true');
  assert.ok(!(await ask.isChecked()));
  await expectVisible(page.getByText("A partner of this type can't hold admin roles.").first());
  await page.getByLabel('Advisor', { exact: true }).check();
  assert.ok(await ask.isChecked(), 'what was chosen comes back');
});

journey('what was typed last is saved when the page is left at once', async ({ page, server }) => {
  await enter(page, MARA);
  await begin(page, 'brightwater.example', 'Reseller');
  const id = idOf(page);
  await page.getByLabel('Your message').fill('Typed and gone.');
  await page.getByRole('navigation', { name: 'Navigation' }).getByRole('link', { name: 'Customers' }).click();
  const mara = await Api.of(server, MARA);
  await eventually(async () => {
    const draft = await mara.get(`/api/invitations/${id}`);
    assert.equal(draft.message, 'Typed and gone.');
  });
});

journey('a draft that was changed elsewhere is not overwritten', async ({ page, server }) => {
  await enter(page, MARA);
  await begin(page, 'brightwater.example', 'Reseller');
  const sam = await Api.of(server, SAM);
  const path = `/api/invitations/${idOf(page)}`;
  const draft = await sam.get(path);
  const request = {
    customer: draft.customer,
    relationshipType: 'reseller',
    recipient: '',
    recipientName: '',
    language: 'de',
    message: "Sam's words",
  };
  await sam.send('PATCH', path, request, draft['@odata.etag']);
  const message = page.getByLabel('Your message');
  await message.fill("Mara's words");
  await saved(page, 'This draft was changed elsewhere.');
  assert.equal(await message.inputValue(), "Mara's words");
  await assertAccessible(page);
  await page.getByRole('button', { name: 'Load the newer version' }).click();
  await saved(page);
  assert.equal(await message.inputValue(), "Sam's words");
  assert.equal(await page.getByLabel('Language of the email').inputValue(), 'de');
  await message.fill('Both agree');
  await saved(page);
  await eventually(async () => assert.equal((await sam.get(path)).message, 'Both agree'));
});

journey('nothing typed is lost while the server is away', async ({ page, server, problems }) => {
  await enter(page, MARA);
  await begin(page, 'brightwater.example', 'Reseller');
  problems.expectOffline();
  await server.kill();
  await page.getByLabel('Your message').fill('Still here');
  await saved(page, 'Not saved');
  await server.start();
  problems.expectOffline(false);
  await page.getByRole('button', { name: 'Retry' }).click();
  await saved(page);
  await page.reload();
  await saved(page);
  assert.equal(await page.getByLabel('Your message').inputValue(), 'Still here');
});

journey('a Sales agent drafts and previews, and an Admin agent sends', async ({ page, server, visitor }) => {
  await enter(page, SAM);
  await begin(page, 'brightwater.example', 'Advisor');
  await page.getByLabel('Name of the recipient').fill('Anna de Vries');
  await page.getByLabel('Goes to').fill('anna@brightwater.example');
  await saved(page);
  const send = page.getByRole('button', { name: 'Send', exact: true });
  assert.equal(await send.getAttribute('aria-disabled'), 'true');
  await expectVisible(page.getByText('Only an Admin agent can do this.').first());
  await page.getByRole('button', { name: 'Preview' }).click();
  await expectPath(page, new RegExp(`^/invitations/${ID}/preview$`));
  await expectVisible(page.frameLocator('iframe').first().getByText('Accept agreement & authorize partner'));

  const { page: admin } = await visitor();
  await enter(admin, MARA, `/invitations/${idOf(page)}`);
  await saved(admin);
  await admin.getByRole('button', { name: 'Send', exact: true }).click();
  const question = admin.getByRole('dialog', { name: 'Send this invitation to Brightwater Schools?' });
  await expectVisible(question.getByText(/Anna de Vries \(anna@brightwater\.example\)/));
  await assertAccessible(admin);
  await question.getByRole('button', { name: 'Send', exact: true }).click();
  await expectVisible(admin.getByText('The invitation was sent to Brightwater Schools.'));
  await expectVisible(admin.getByText('Pending', { exact: true }));

  // The mail has the same code, and can't be sent again at once.
  const anna = await Api.of(server, ANNA);
  const { code } = await anna.get(`/api/invitations/${idOf(page)}`);
  await expectVisible(admin.getByText(code, { exact: true }));
  const again = admin.getByRole('button', { name: 'Send again' });
  assert.equal(await again.getAttribute('aria-disabled'), 'true');
  await expectVisible(admin.getByText(/You can send it again from/));
  await assertAccessible(admin);

  await admin.getByRole('button', { name: 'Withdraw' }).click();
  const withdrawal = admin.getByRole('alertdialog', { name: 'Withdraw the invitation to Brightwater Schools?' });
  await withdrawal.getByRole('button', { name: 'Withdraw' }).click();
  await expectVisible(admin.getByText('The invitation to Brightwater Schools was withdrawn.'));
  await expectVisible(admin.getByText('Withdrawn', { exact: true }));
});

journey('terms and an offer go with invitations in 21Vianet alone', async ({ page, server, visitor }) => {
  await enter(page, MARA);
  await begin(page, 'brightwater.example', 'Reseller');
  await expectVisible(page.getByText(/go with invitations to customers in 21Vianet/));
  assert.equal(await page.getByLabel('Your terms').count(), 0);

  const { page: other } = await visitor();
  await enter(other, HAI);
  const hai = await Api.of(server, HAI);
  const { value } = await hai.get('/api/relationships');
  await other.goto(`/invitations/new?customer=${value[0].customer}`);
  assert.equal(await other.getByLabel('Customer', { exact: true }).inputValue(), value[0].customer);
  await other.getByLabel('Reseller', { exact: true }).check();
  await saved(other);
  await other.reload();
  await saved(other);
  await other.getByLabel('Your terms').fill('Thirty days, in writing.');
  await other.getByLabel('Offer', { exact: true }).selectOption('trial');
  await saved(other, 'Not saved');
  await other.getByLabel('Product').fill('Office 365 E3');
  await other.getByLabel('Number of licenses').fill('ten');
  await saved(other, 'Not saved');
  await other.getByLabel('Number of licenses').fill('25');
  await saved(other);
  await assertAccessible(other);
  const draft = await hai.get(`/api/invitations/${idOf(other)}`);
  assert.deepEqual(draft.offer, { kind: 'trial', product: 'Office 365 E3', quantity: 25 });
  assert.equal(draft.terms, 'Thirty days, in writing.');
});

journey('an enquiry is read, and declined with a reason', async ({ page, server }) => {
  await enter(page, MARA, '/enquiries');
  await page.getByLabel('Status').selectOption({ label: 'New' });
  await expectPath(page, '/enquiries?status=sent');
  // The rows of the list without the filter stay until the server has answered.
  await expectVisible(page.getByText('1 enquiry', { exact: true }));
  await page.getByRole('link', { name: 'Harbour Bakery' }).click();
  await expectVisible(page.getByText('Read', { exact: true }));
  const decline = page.getByRole('button', { name: 'Decline' });
  await decline.click();
  const question = page.getByRole('dialog', { name: 'Decline this enquiry?' });
  await expectVisible(question);
  await assertAccessible(page);
  await question.getByRole('button', { name: 'Decline' }).click();
  await expectVisible(question.getByText('Enter a value.'));
  await question.getByLabel('Reason').fill('We have no one free in Dublin.');
  await question.getByRole('button', { name: 'Decline' }).click();
  await expectVisible(page.getByText('The enquiry from Harbour Bakery was declined.'));
  await expectVisible(page.getByText('We have no one free in Dublin.'));
  assert.equal(await decline.getAttribute('aria-disabled'), 'true');
  await assertAccessible(page);
  const mara = await Api.of(server, MARA);
  const { value } = await mara.get('/api/enquiries');
  assert.ok(value.every(({ status }) => status !== 'sent'));
  await page.goBack();
  await expectPath(page, '/enquiries?status=sent');
  await expectVisible(page.getByText('Nothing matches your search'));
});

journey('an enquiry is answered with an invitation that is prefilled from it', async ({ page }) => {
  await enter(page, MARA, '/enquiries');
  await page.getByRole('link', { name: 'Harbour Bakery' }).first().click();
  await page.getByRole('button', { name: 'Answer with an invitation' }).click();
  await expectText(page.getByRole('heading', { level: 1 }), 'New invitation');
  assert.equal(await page.getByLabel('Goes to').inputValue(), 'grace@harbourbakery.example');
  assert.equal(await page.getByLabel('Name of the recipient').inputValue(), 'Grace Byrne');
  await expectVisible(page.getByRole('link', { name: 'In answer to its enquiry' }));
  await page.getByLabel('Reseller', { exact: true }).check();
  await saved(page);
  await assertAccessible(page);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Send', exact: true }).click();
  await expectVisible(page.getByText('The invitation was sent to Harbour Bakery.'));
  await page.getByRole('link', { name: 'See the enquiry' }).click();
  await expectVisible(page.getByText('Invited', { exact: true }));
  await page.getByRole('link', { name: 'See the invitation' }).click();
  await expectText(page.getByRole('heading', { level: 1 }), 'Invitation to Harbour Bakery');
});

journey('a role that may not answer enquiries gets an explanation', async ({ page }) => {
  await enter(page, HUGO, '/enquiries');
  await expectVisible(page.getByText("You can't see the enquiries"));
  await page.goto('/invitations/new');
  await expectVisible(page.getByText("You can't write invitations"));
  await page.goto('/invitations');
  const write = page.getByRole('button', { name: 'New invitation' });
  assert.equal(await write.getAttribute('aria-disabled'), 'true');
  await page.goto('/profile');
  await expectVisible(page.getByText('You can read the profile, but not change it.'));
  await assertAccessible(page);
});

/** The works accept the agreement, and Meridian suspends what it sold them. */
async function suspendWhatWasSold(server) {
  const eva = await Api.of(server, EVA);
  const { hash } = await eva.get('/api/agreement');
  await eva.send('POST', '/api/agreement/accept', { hash, acknowledged: true });
  const mara = await Api.of(server, MARA);
  const { value } = await mara.get("/api/subscriptions?$filter=status eq 'active'");
  for (const sold of value.filter(({ seller }) => seller)) {
    await mara.send('POST', `/api/subscriptions/${sold.id}/suspend`, {}, sold['@odata.etag']);
  }
}

journey('a partner gives up its roles, then ends the relationship, and the customer hears of both', async ({ page, server }) => {
  await enter(page, MARA, '/customers');
  await page.getByLabel('Search customers').fill('nobody');
  await expectVisible(page.getByText('Nothing matches your search'));
  await page.getByLabel('Search customers').fill('linden');
  await page.getByRole('link', { name: 'Lindenhof Maschinenbau GmbH' }).click();
  await page.getByRole('button', { name: 'Give up admin roles' }).click();
  const giving = page.getByRole('dialog', { name: 'Give up your admin roles at Lindenhof Maschinenbau GmbH?' });
  await expectVisible(giving.getByText(/is told by email, and that you did it/));
  await assertAccessible(page);
  await giving.getByRole('button', { name: 'Give up admin roles' }).click();
  await expectVisible(page.getByText('You gave up your admin roles at Lindenhof Maschinenbau GmbH.'));
  await expectVisible(page.getByText('You hold no admin roles.'));
  const giveUp = page.getByRole('button', { name: 'Give up admin roles' });
  assert.equal(await giveUp.getAttribute('aria-disabled'), 'true');
  // A reseller can't leave while a subscription that it sold is active.
  assert.equal(await page.getByRole('button', { name: 'End relationship' }).getAttribute('aria-disabled'), 'true');
  await suspendWhatWasSold(server);
  await page.reload();
  await page.getByRole('button', { name: 'End relationship' }).click();
  const ending = page.getByRole('alertdialog', { name: 'End the relationship with Lindenhof Maschinenbau GmbH?' });
  await assertAccessible(page);
  await ending.getByRole('button', { name: 'End relationship' }).click();
  await expectVisible(page.getByText('The relationship with Lindenhof Maschinenbau GmbH has ended.'));
  await expectVisible(page.getByText('Ended', { exact: true }).first());
  await assertAccessible(page);
  const { value } = await new Api(server).get('/api/outbox');
  const told = value.filter(({ to, text }) => to === 'eva@lindenhof.example' && text.includes('Mara Visser'));
  assert.equal(told.length, 2);
});

journey('an Admin agent edits the profile that customers find', async ({ page }) => {
  await enter(page, MARA, '/profile');
  const description = page.getByRole('textbox', { name: 'Description' });
  await description.fill('We do one thing well.');
  await page.getByLabel('Add a country or region that you serve').selectOption('FR');
  await expectVisible(page.getByRole('button', { name: 'Remove France' }));
  await page.getByRole('button', { name: 'Remove Austria' }).click();
  await page.getByRole('button', { name: 'Add a location' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await expectVisible(page.getByText('Check what you entered').or(page.getByText('Enter a value.')).first());
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByLabel('Hardware').check();
  await assertAccessible(page);
  await page.getByRole('button', { name: 'Save' }).click();
  await expectVisible(page.getByText('Your profile was saved.'));
  await page.reload();
  await expectVisible(page.getByRole('button', { name: 'Remove France' }));
  await expectHidden(page.getByRole('button', { name: 'Remove Austria' }));
  assert.equal(await description.inputValue(), 'We do one thing well.');
  assert.ok(await page.getByLabel('Hardware').isChecked());
});

journey('an invitation is composed and sent by keyboard alone', async ({ page }) => {
  await enter(page, MARA, '/invitations/new');
  await tabTo(page, 'radio', 'It is one that we know');
  await page.keyboard.press('ArrowDown');
  await tabTo(page, 'textbox', 'Email domain');
  await page.keyboard.type('brightwater.example');
  await tabTo(page, 'radio', 'Reseller');
  await page.keyboard.press('Space');
  await tabTo(page, 'textbox', /Name of the recipient/);
  await page.keyboard.type('Anna de Vries');
  await tabTo(page, 'textbox', /Goes to/);
  await page.keyboard.type('anna@brightwater.example');
  await saved(page);
  await tabTo(page, 'button', 'Send');
  await page.keyboard.press('Enter');
  const question = page.getByRole('dialog', { name: /Send this invitation/ });
  await expectVisible(question);
  await tabTo(page, 'button', 'Send');
  await page.keyboard.press('Enter');
  await expectVisible(page.getByText('The invitation was sent to Brightwater Schools.'));
});
