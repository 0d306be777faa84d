// Every state of the invitation page.

import assert from 'node:assert/strict';

import { assertAccessible, expectHidden, expectText, expectVisible, signIn } from './support/browser.mjs';
import { journey } from './support/journey.mjs';
import { ANNA, BEN, CARLA, DAAN, EVA, GRACE, MARA, PASSWORD, Api, enter, linkPath } from './support/people.mjs';

const LI_NA = 'li.na@jaderiver.example';

const MERIDIAN = 'Meridian Cloud Services';

/** Expects the page to show this text, to have nothing to accept, and to be accessible. */
async function expectState(page, heading, ...texts) {
  await expectVisible(page.getByText(heading, { exact: true }).first());
  for (const text of texts) await expectVisible(page.getByText(text).first());
  assert.equal(await page.getByRole('button', { name: 'Accept & Authorize' }).count(), 0);
  await assertAccessible(page);
}

async function answer(server, email, part, action) {
  const api = await Api.of(server, email);
  const token = (await linkPath(server, part)).split('#')[1];
  const customer = await Api.of(server, ANNA);
  const invitation = await customer.send('POST', '/api/invitations/lookUp', { token });
  const path = `/api/invitations/${invitation.id}/${action}`;
  const { hash } = await customer.get('/api/agreement');
  const body = action === 'accept' ? { agreement: { hash, acknowledged: true } } : {};
  return api.send('POST', path, body, invitation['@odata.etag']);
}

journey('accepted before', async ({ page, server }) => {
  await answer(server, DAAN, MERIDIAN, 'accept').catch((error) => assert.fail(error));
  await enter(page, ANNA, '/');
  const { value } = await (await Api.of(server, ANNA)).get('/api/invitations');
  const accepted = value.find(({ status, partner }) => status === 'accepted' && partner.name === MERIDIAN);
  await page.goto(`/partner-invitation/${accepted.id}`);
  await expectState(page, 'This invitation was already accepted', 'Daan Smit accepted it');
  await page.getByRole('link', { name: 'See your partners' }).click();
  await expectText(page.getByRole('heading', { level: 1 }), 'Partner relationships');
});

journey('accepted before, by the link in the mail', async ({ page, server }) => {
  const link = await linkPath(server, MERIDIAN);
  await answer(server, DAAN, MERIDIAN, 'accept');
  await enter(page, ANNA, link);
  await expectState(page, 'This invitation was already accepted', 'Daan Smit accepted it');
});

journey('in 21Vianet, accepted before, with an offer that is still pending', async ({ page, server }) => {
  const api = await Api.of(server, LI_NA);
  const { value } = await api.get('/api/invitations');
  const invitation = value.find(({ status, offer }) => status === 'sent' && offer?.kind === 'trial');
  const link = await linkPath(server, invitation.code);
  await enter(page, LI_NA, link);
  await page.getByRole('radio', { name: 'Yes' }).check();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Microsoft Customer Agreement' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click();
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Accept & Authorize' }).click();
  await expectText(page.getByRole('heading', { level: 1 }), 'Create your trial');
  // After a reload, and after following the link in the mail again, the next step is offered.
  const create = page.getByRole('link', { name: 'Create trial' });
  await page.reload();
  await expectState(page, 'This invitation was already accepted');
  await expectVisible(create);
  await page.goto(link);
  await expectVisible(create);
  await assertAccessible(page);
  await create.click();
  await page.getByRole('button', { name: 'Create trial' }).click();
  await page.waitForURL(/\/billing\/subscriptions\/.+/);
  // Once it is created, no offer is pending.
  await page.goto(`/partner-invitation/${invitation.id}`);
  await expectState(page, 'This invitation was already accepted');
  await expectVisible(page.getByRole('link', { name: 'See your partners' }));
  await expectHidden(create);
});

journey('canceled', async ({ page, server }) => {
  const link = await linkPath(server, MERIDIAN);
  await answer(server, ANNA, MERIDIAN, 'cancel');
  await enter(page, DAAN, link);
  await expectState(page, 'This invitation was canceled by your organization', 'Anna de Vries canceled it');
});

journey('withdrawn', async ({ page, server }) => {
  const link = await linkPath(server, MERIDIAN);
  await answer(server, MARA, MERIDIAN, 'withdraw');
  await enter(page, ANNA, link);
  await expectState(page, 'The partner withdrew this invitation', 'Mara Visser of Meridian Cloud Services withdrew it');
});

journey('withdrawn while it is being read', async ({ page, server }) => {
  await enter(page, ANNA, await linkPath(server, MERIDIAN));
  await page.getByRole('button', { name: 'Microsoft Customer Agreement' }).first().click();
  await expectVisible(page.getByText('This text is a sample'));
  if (await page.getByRole('dialog').isVisible()) await page.keyboard.press('Escape');
  await page.getByRole('checkbox').check();
  await answer(server, MARA, MERIDIAN, 'withdraw');
  await page.getByRole('button', { name: 'Accept & Authorize' }).click();
  await expectState(page, 'The partner withdrew this invitation');
});

journey('expired', async ({ page, server }) => {
  await enter(page, ANNA, await linkPath(server, 'help desk during the summer'));
  await expectState(page, 'This invitation has expired', 'ask for a new invitation');
});

journey('meant for another organization', async ({ page, server }) => {
  await enter(page, GRACE, await linkPath(server, MERIDIAN));
  await expectState(page, 'This invitation was sent to another organization');
  assert.equal(await page.getByText(/Meridian|4391507/).count(), 0, 'nothing of it is shown');
  // With another account it opens at the same address.
  await page.getByRole('button', { name: 'Use another account' }).click();
  await signIn(page, ANNA, PASSWORD);
  await expectText(page.getByRole('heading', { level: 1 }), /Accept agreement & authorize partner/);
});

journey('made for another cloud', async ({ page, server }) => {
  await enter(page, EVA, await linkPath(server, MERIDIAN));
  await expectState(page, 'This invitation was made for another cloud', 'Germany');
  assert.equal(await page.getByText(/Meridian|4391507/).count(), 0, 'nothing of it is shown');
});

for (const [who, role] of [[BEN, 'Billing administrator'], [CARLA, 'Global reader']]) {
  journey(`role not enough: a ${role} reads it and cannot answer`, async ({ page, server }) => {
    await enter(page, who, await linkPath(server, MERIDIAN));
    await expectVisible(page.getByText('4391507'));
    for (const name of ['Accept & Authorize', 'Cancel the invitation']) {
      const button = page.getByRole('button', { name });
      assert.equal(await button.getAttribute('aria-disabled'), 'true', name);
    }
    await expectVisible(page.getByText('Only a Global administrator can do this.').first());
    await assertAccessible(page);
  });
}

journey('signed out, the page contains nothing of the invitation', async ({ page, server }) => {
  await page.goto(await linkPath(server, MERIDIAN));
  await expectVisible(page.getByText('Sign in to see the invitation'));
  for (const secret of ['4391507', 'student licenses', 'Keizersgracht']) {
    assert.ok(!(await page.content()).includes(secret), secret);
  }
});

journey('an unknown and an incomplete link', async ({ page }) => {
  await enter(page, ANNA, `/partner-invitation#${'0'.repeat(64)}`);
  await expectState(page, "We couldn't find this invitation");
  await page.goto('/partner-invitation');
  await expectState(page, "This invitation link isn't complete");
});

journey('the server cannot be reached, and then it can', async ({ page, server, problems }) => {
  const link = await linkPath(server, MERIDIAN);
  await enter(page, ANNA, '/settings/partner-relationships');
  await expectVisible(page.getByRole('link', { name: 'Review' }).first());
  problems.expectOffline();
  await server.kill();
  await page.getByRole('link', { name: /Review.*Meridian/ }).or(page.getByRole('link', { name: 'Review' })).first().click();
  await expectVisible(page.getByText("The server can't be reached."));
  await server.start();
  problems.expectOffline(false);
  await page.getByRole('button', { name: 'Retry' }).click();
  await expectHidden(page.getByText("The server can't be reached."));
  await expectText(page.getByRole('heading', { level: 1 }), /Accept agreement & authorize partner/);
  assert.ok(link);
});

journey('a newer agreement is published while the page is open', async ({ page, server }) => {
  await enter(page, ANNA, await linkPath(server, MERIDIAN));
  await page.getByRole('button', { name: 'Microsoft Customer Agreement' }).first().click();
  await expectVisible(page.getByText('This text is a sample'));
  if (await page.getByRole('dialog').isVisible()) await page.keyboard.press('Escape');
  await page.getByRole('checkbox').check();
  const text = await server.file('agreement.txt', 'The text of the second version.');
  await server.command(['agreement', 'add', '--cloud', 'worldwide', '--language', 'en', '--version', '2', '--title', 'The second version', '--file', text]);
  await page.getByRole('button', { name: 'Accept & Authorize' }).click();
  await expectVisible(page.getByText('A newer version of the agreement was published while you were reading.').first());
  assert.equal(await page.getByRole('checkbox').isChecked(), false, 'what was ticked was another text');
  await assertAccessible(page);
});
