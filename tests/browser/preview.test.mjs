// The preview of an invitation: the customer's page, in which nothing can be sent.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';

import { assertAccessible, eventually, expectText, expectVisible } from './support/browser.mjs';
import { journey } from './support/journey.mjs';
import { ANNA, BEN, CARLA, GRACE, MARA, Api, enter } from './support/people.mjs';

const HAI = 'wang.hai@haiyun.example';
const LI_NA = 'li.na@jaderiver.example';

/** Returns the invitation from Meridian to Brightwater with this status, as the partner sees it. */
async function invitation(server, status) {
  const mara = await Api.of(server, MARA);
  const { value } = await mara.get('/api/invitations');
  return value.find((one) => one.status === status && one.customerName === 'Brightwater Schools');
}

/** Returns the customer's page inside the preview. */
function framed(page) {
  return page.frameLocator('iframe[title="The customer\'s page"], iframe[title="De pagina van de klant"]');
}

/** Returns the accessibility tree of a page's content, once it is loaded. */
async function tree(main, heading) {
  await expectText(main.getByRole('heading', { level: 1 }), heading);
  await eventually(async () => {
    const snapshot = await main.ariaSnapshot();
    assert.doesNotMatch(snapshot, /Loading|Laden/);
    // The agreement is being loaded as long as its button is busy.
    assert.equal(await main.locator('[aria-busy="true"]').count(), 0);
  });
  return main.ariaSnapshot();
}

const TITLE = 'Accept agreement & authorize partner';
const OTHER = 'Partner invitation';

for (const [who, role] of [
  [ANNA, 'Global administrator'],
  [BEN, 'Billing administrator'],
  [CARLA, 'Global reader'],
]) {
  journey(`the preview shows the page that a ${role} gets`, async ({ page, server, visitor }) => {
    const { id } = await invitation(server, 'sent');
    const { page: customer } = await visitor();
    await enter(customer, who, `/partner-invitation/${id}`);
    const expected = await tree(customer.getByRole('main'), TITLE);

    await enter(page, MARA, `/invitations/${id}/preview`);
    await page.getByLabel('Seen as').selectOption({ label: role });
    const shown = await tree(framed(page).getByRole('main'), TITLE);
    assert.equal(shown, expected);
    await assertAccessible(page);
  });
}

journey('the preview shows the page of a customer in 21Vianet, where the authorization is asked for first', async ({ page, server, visitor }) => {
  const hai = await Api.of(server, HAI);
  const { value } = await hai.get('/api/invitations');
  const { id } = value.find(({ status }) => status === 'sent');
  const { page: customer } = await visitor();
  await enter(customer, LI_NA, `/partner-invitation/${id}`);
  const heading = await customer.getByRole('heading', { level: 1 }).innerText();
  const expected = await tree(customer.getByRole('main'), heading);

  await enter(page, HAI, `/invitations/${id}/preview`);
  const frame = framed(page);
  assert.equal(await tree(frame.getByRole('main'), heading), expected);

  // The steps of the answer can be opened.
  for (const main of [customer.getByRole('main'), frame.getByRole('main')]) {
    await main.getByLabel('Yes').check();
    await main.getByRole('button', { name: 'Next' }).click();
    await expectVisible(main.getByRole('button', { name: 'Accept & Authorize' }));
  }
  assert.equal(await tree(frame.getByRole('main'), heading), await tree(customer.getByRole('main'), heading));
});

journey('the preview shows the page after an answer', async ({ page, server, visitor }) => {
  const { id } = await invitation(server, 'accepted');
  const { page: customer } = await visitor();
  await enter(customer, ANNA, `/partner-invitation/${id}`);
  const expected = await tree(customer.getByRole('main'), OTHER);

  await enter(page, MARA, `/invitations/${id}/preview`);
  await page.getByLabel('State').selectOption({ label: 'Accepted' });
  assert.equal(await tree(framed(page).getByRole('main'), OTHER), expected);
});

journey('the preview shows the page before signing in', async ({ page, server, visitor }) => {
  const { id } = await invitation(server, 'sent');
  const { page: customer } = await visitor();
  await customer.goto(`/partner-invitation/${id}`);
  await expectVisible(customer.getByText('Sign in to see the invitation'));
  const expected = await tree(customer.getByRole('main'), 'Sign in');

  await enter(page, MARA, `/invitations/${id}/preview`);
  await page.getByLabel('State').selectOption({ label: 'Signed out' });
  assert.equal(await tree(framed(page).getByRole('main'), 'Sign in'), expected);
});

journey('the preview is in the chosen language, and the page around it in its own', async ({ page, server, visitor }) => {
  const { id } = await invitation(server, 'sent');
  const { page: customer } = await visitor({ locale: 'nl-NL' });
  await enterDutch(customer, ANNA, `/partner-invitation/${id}`);
  const main = customer.getByRole('main');
  await expectVisible(main.getByRole('heading', { level: 1 }));
  const title = await main.getByRole('heading', { level: 1 }).innerText();
  const expected = await tree(main, title);

  await enter(page, MARA, `/invitations/${id}/preview`);
  await page.getByLabel('Language of the page').selectOption({ label: 'Nederlands' });
  const shown = await tree(framed(page).getByRole('main'), title);
  // The browsers write dates differently, as those of two people do.
  assert.equal(withoutDates(shown), withoutDates(expected));
  await expectText(page.getByRole('heading', { level: 1, name: 'Preview' }), 'Preview');
  await page.reload();
  await expectText(page.getByRole('heading', { level: 1, name: 'Preview' }), 'Preview');
});

journey('every state has its page, and every language its mail', async ({ page, server }) => {
  const { id, code } = await invitation(server, 'sent');
  await enter(page, MARA, `/invitations/${id}/preview`);
  for (const [state, text] of [
    ['Accepted', 'This invitation was already accepted'],
    ['Canceled', 'This invitation was canceled by your organization'],
    ['Withdrawn', 'The partner withdrew this invitation'],
    ['Expired', 'This invitation has expired'],
    ['Opened by another organization', 'This invitation was sent to another organization'],
    ['Opened in another cloud', 'This invitation was made for another cloud'],
    ['Unknown link', "We couldn't find this invitation"],
    ['Incomplete link', "This invitation link isn't complete"],
    ['Signed out', 'Sign in to see the invitation'],
  ]) {
    await page.getByLabel('State').selectOption({ label: state });
    await expectVisible(framed(page).getByText(text).first());
  }
  const subjects = new Set();
  const languages = readdirSync(new URL('../../app/locales', import.meta.url));
  for (const language of languages) {
    await page.getByLabel('Language of the email').selectOption(language);
    const subject = page.getByRole('main').locator(`[lang="${language}"]`).first();
    await expectVisible(subject);
    subjects.add(await subject.innerText());
    const mail = page.frameLocator('iframe[title="The email as a mail program shows it"]');
    await expectVisible(mail.getByText(code).first());
  }
  assert.equal(subjects.size, languages.length, [...subjects].join('\n'));
});

journey('nothing in a preview can be sent', async ({ page, server }) => {
  const before = await invitation(server, 'sent');
  await enter(page, MARA, `/invitations/${before.id}/preview`);
  const frame = framed(page);
  const said = frame.getByText('This is a preview. Nothing was done.').first();

  // The steps to the answer can be opened; the answer is not sent.
  await frame.getByRole('button', { name: 'Microsoft Customer Agreement' }).click();
  await frame.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click();
  await frame.getByRole('checkbox').check();
  await frame.getByRole('button', { name: 'Accept & Authorize' }).click();
  await expectVisible(said);
  await frame.getByRole('button', { name: 'Dismiss' }).first().click();
  await frame.getByRole('button', { name: 'Cancel the invitation' }).click();
  await frame.getByRole('dialog').getByRole('button', { name: 'Cancel the invitation' }).click();
  await expectVisible(said);

  // No link leads away, and no button of the sign-in page does anything.
  await page.getByLabel('State').selectOption({ label: 'Accepted' });
  await frame.getByRole('link', { name: 'See your partners' }).click();
  await expectVisible(said);
  await expectVisible(frame.getByText('This invitation was already accepted'));
  await page.getByLabel('State').selectOption({ label: 'Opened by another organization' });
  await frame.getByRole('button', { name: 'Use another account' }).click();
  await expectVisible(said);
  await page.getByLabel('State').selectOption({ label: 'Signed out' });
  await frame.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expectVisible(said);
  await frame.getByLabel(/^Email/).press('Enter');
  await expectVisible(frame.getByText('Sign in to see the invitation'));

  assert.deepEqual(await invitation(server, 'sent'), before);
});

journey('only the partner and only this site can show a preview', async ({ page, server }) => {
  const { id } = await invitation(server, 'sent');
  const headers = async (path) => (await fetch(server.url + path)).headers;
  for (const path of ['/', `/invitations/${id}/preview`, '/partner-invitation']) {
    const found = await headers(path);
    assert.match(found.get('content-security-policy'), /frame-ancestors 'none'/, path);
    assert.equal(found.get('x-frame-options'), 'DENY', path);
  }
  const framedHeaders = await headers(`/preview/invitation/${id}`);
  assert.match(framedHeaders.get('content-security-policy'), /frame-ancestors 'self'/);
  // A person of another customer learns nothing from it.
  await enter(page, GRACE, '/');
  await page.goto(`/preview/invitation/${id}`);
  await expectVisible(page.getByRole('alert'));
  assert.equal(await page.getByText(/Meridian|4391507/).count(), 0);
});

/** Signs in on the Dutch sign-in page. */
async function enterDutch(page, email, path) {
  await page.goto(path);
  const button = page.getByRole('button', { name: 'Aanmelden', exact: true });
  await page.getByLabel(/^E-mail/).fill(email);
  await page.getByRole('textbox', { name: /^Wachtwoord/ }).fill('open sesame demo');
  await button.click();
  await button.waitFor({ state: 'detached' });
}

function withoutDates(snapshot) {
  return snapshot.replace(/\b\d{1,2}[\s\u00a0]\p{L}+\.?[\s\u00a0]\d{4}\b/gu, 'DATE');
}
