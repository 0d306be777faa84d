// The main job from end to end: the link of an invitation mail, the agreement, the
// partner list, removing roles, deleting. By mouse, by keyboard, and in Dutch.

import assert from 'node:assert/strict';

import {
  assertAccessible,
  expectFocus,
  expectHidden,
  expectPath,
  expectText,
  expectVisible,
  signIn,
  tabTo,
} from './support/browser.mjs';
import { journey } from './support/journey.mjs';
import { ANNA, LOTTE, PASSWORD, Api, enter, linkPath } from './support/people.mjs';

const MERIDIAN = 'Meridian Cloud Services';

journey('an administrator follows the mail, accepts, removes the roles, and deletes where that is allowed', async ({ page, server }) => {
  // From the outbox, as a newcomer would, signed out.
  await page.goto('/outbox');
  await page.getByRole('link', { name: new RegExp(MERIDIAN) }).first().click();
  await assertAccessible(page);
  await page.getByRole('link', { name: /partner-invitation#/ }).click();
  await expectVisible(page.getByText('Sign in to see the invitation'));
  assert.equal(await page.getByText('4391507').count(), 0, 'nothing of the invitation is shown before signing in');
  await assertAccessible(page);
  await signIn(page, ANNA, PASSWORD);

  // Read, tick, accept.
  await expectText(page.getByRole('heading', { level: 1 }), /Accept agreement & authorize partner/);
  await expectVisible(page.getByText('4391507'));
  assert.ok(!page.url().includes('#'), 'the token has left the address');
  await assertAccessible(page);
  const accept = page.getByRole('button', { name: 'Accept & Authorize' });
  assert.equal(await accept.getAttribute('aria-disabled'), 'true', 'not before the box is ticked');
  await page.getByRole('button', { name: 'Microsoft Customer Agreement' }).or(page.getByRole('link', { name: 'Microsoft Customer Agreement' })).first().click();
  await expectVisible(page.getByText('This text is a sample'));
  await assertAccessible(page);
  const dialog = page.getByRole('dialog');
  if (await dialog.isVisible()) {
    await page.keyboard.press('Escape');
    await expectHidden(dialog);
  }
  await page.getByRole('checkbox', { name: /I have read/ }).check();
  await accept.click();

  // The list of partners.
  await expectPath(page, '/settings/partner-relationships');
  await expectText(page.getByRole('heading', { level: 1 }), 'Partner relationships');
  await expectFocus(page.getByRole('heading', { level: 1 }));
  const row = page.getByRole('row', { name: new RegExp(MERIDIAN) });
  await expectVisible(row.getByText('Reseller & delegated administrator'));
  await assertAccessible(page);
  await row.getByRole('link', { name: MERIDIAN }).click();

  // Its details: a reseller's relationship cannot be deleted, its roles can be removed.
  await expectText(page.getByRole('heading', { level: 1 }), new RegExp(MERIDIAN));
  await expectFocus(page.getByRole('heading', { level: 1 }));
  await assertAccessible(page);
  const remove = page.getByRole('button', { name: 'Remove admin roles' });
  await remove.click();
  await expectVisible(page.getByRole('heading', { name: `Remove admin roles from ${MERIDIAN}?` }));
  await assertAccessible(page);
  await page.keyboard.press('Escape');
  await expectFocus(remove);
  await remove.click();
  await page.getByRole('dialog').or(page.getByRole('alertdialog')).getByRole('button', { name: 'Remove admin roles' }).click();
  await expectVisible(page.getByText(`Admin roles were removed from ${MERIDIAN}.`));
  await expectVisible(page.getByText(`${MERIDIAN} holds no admin roles.`).first());

  // Still listed, as a reseller without roles.
  await page.getByRole('navigation', { name: 'Navigation' }).getByRole('link', { name: 'Partner relationships' }).click();
  await expectText(row, /Meridian Cloud Services.* Reseller (?!&)/);

  // A delegated administrator can be deleted.
  await page.getByRole('link', { name: 'Oakline IT' }).click();
  await page.getByRole('button', { name: 'Delete partner' }).click();
  const question = page.getByRole('alertdialog', { name: 'Delete Oakline IT?' });
  await expectVisible(question);
  await assertAccessible(page);
  await question.getByRole('button', { name: 'Delete partner' }).click();
  await expectPath(page, '/settings/partner-relationships');
  await expectVisible(page.getByText('Oakline IT was deleted.'));
  await expectHidden(page.getByRole('link', { name: 'Oakline IT' }));

  // And all of it is on record.
  const anna = await Api.of(server, ANNA);
  const { value } = await anna.get('/api/activity?$top=10');
  const done = value.map(({ action }) => action);
  for (const action of ['relationshipDeleted', 'adminRolesRemoved', 'relationshipCreated', 'invitationAccepted', 'agreementAccepted']) {
    assert.ok(done.includes(action), `${action} is in ${done}`);
  }
});

journey('the same by keyboard alone', async ({ page, server }) => {
  await page.goto(await linkPath(server, MERIDIAN));
  await expectVisible(page.getByText('Sign in to see the invitation'));
  await tabTo(page, 'textbox', /Email/);
  await page.keyboard.type(ANNA);
  await tabTo(page, 'textbox', /Password/);
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');

  await expectText(page.getByRole('heading', { level: 1 }), /Accept agreement & authorize partner/);
  const opener = await tabTo(page, 'button', 'Microsoft Customer Agreement');
  await page.keyboard.press('Enter');
  await expectVisible(page.getByText('This text is a sample'));
  if (await page.getByRole('dialog').isVisible()) {
    await page.keyboard.press('Escape');
    await expectFocus(opener);
  }
  await tabTo(page, 'checkbox', /I have read/);
  await page.keyboard.press('Space');
  await tabTo(page, 'button', 'Accept & Authorize');
  await page.keyboard.press('Enter');

  await expectPath(page, '/settings/partner-relationships');
  await expectFocus(page.getByRole('heading', { level: 1, name: 'Partner relationships' }));
  await tabTo(page, 'link', MERIDIAN);
  await page.keyboard.press('Enter');
  await expectFocus(page.getByRole('heading', { level: 1, name: new RegExp(MERIDIAN) }));
  const remove = await tabTo(page, 'button', 'Remove admin roles');
  await page.keyboard.press('Enter');
  await expectVisible(page.getByRole('heading', { name: /Remove admin roles from/ }));
  await page.keyboard.press('Escape');
  await expectFocus(remove);
  await page.keyboard.press('Enter');
  const removal = page.getByRole('dialog', { name: /Remove admin roles from/ });
  await expectFocus(removal.getByRole('heading', { name: /Remove admin roles from/ }));
  await page.keyboard.press('Tab');
  await expectFocus(removal.getByRole('button', { name: 'Remove admin roles' }));
  await page.keyboard.press('Enter');
  await expectVisible(page.getByText(`Admin roles were removed from ${MERIDIAN}.`));

  await page.goto('/settings/partner-relationships');
  await tabTo(page, 'link', 'Oakline IT');
  await page.keyboard.press('Enter');
  await expectFocus(page.getByRole('heading', { level: 1, name: /Oakline IT/ }));
  await tabTo(page, 'button', 'Delete partner');
  await page.keyboard.press('Enter');
  const question = page.getByRole('alertdialog', { name: 'Delete Oakline IT?' });
  await expectFocus(question.getByRole('heading', { name: 'Delete Oakline IT?' }));
  await page.keyboard.press('Tab');
  await expectFocus(question.getByRole('button', { name: 'Delete partner' }));
  await page.keyboard.press('Enter');
  await expectPath(page, '/settings/partner-relationships');
  // The opened element is gone, so the page's heading has the focus.
  await expectFocus(page.getByRole('heading', { level: 1, name: 'Partner relationships' }));
});

journey('the same in Dutch', { locale: 'nl-NL' }, async ({ page, server }) => {
  await page.goto(await linkPath(server, MERIDIAN));
  await page.getByLabel(/^E-mail/i).fill(ANNA);
  await page.getByRole('textbox', { name: /^Wachtwoord/ }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Aanmelden', exact: true }).click();
  await expectText(page.getByRole('heading', { level: 1 }), /Overeenkomst accepteren & partner autoriseren/);
  await page.getByRole('button', { name: 'Microsoft-klantovereenkomst' }).first().click();
  await expectVisible(page.getByText('Deze tekst is een voorbeeld'));
  if (await page.getByRole('dialog').isVisible()) await page.keyboard.press('Escape');
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Accepteren & autoriseren' }).click();
  await expectText(page.getByRole('heading', { level: 1 }), 'Partnerrelaties');
  await page.getByRole('link', { name: MERIDIAN }).click();
  await page.getByRole('button', { name: 'Beheerdersrollen verwijderen' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Beheerdersrollen verwijderen' }).click();
  await expectHidden(page.getByRole('dialog'));
  await expectVisible(page.getByRole('button', { name: 'Partner verwijderen' }));
  await assertAccessible(page);
});

journey('a customer that does not want to delegate cancels, and the partner sees the reason', async ({ page, server }) => {
  await enter(page, ANNA, await linkPath(server, MERIDIAN));
  await page.getByRole('button', { name: 'Cancel the invitation' }).click();
  const question = page.getByRole('dialog', { name: 'Cancel this invitation?' }).or(page.getByRole('alertdialog', { name: 'Cancel this invitation?' }));
  await question.getByLabel(/Reason/).fill('x'.repeat(1001));
  await question.getByRole('button', { name: 'Cancel the invitation' }).click();
  await expectVisible(question.getByText('Use at most 1,000 characters.'));
  assert.equal((await question.getByLabel(/Reason/).inputValue()).length, 1001, 'nothing typed is lost');
  await assertAccessible(page);
  const reason = 'Wij bestellen, maar delegeren niet.\n我们不委派。';
  await question.getByLabel(/Reason/).fill(reason);
  await question.getByRole('button', { name: 'Cancel the invitation' }).click();
  await expectVisible(page.getByText('This invitation was canceled by your organization'));
  await expectVisible(page.getByText('我们不委派。'));
  const mara = await Api.of(server, 'mara@meridiancloud.example');
  const { value } = await mara.get('/api/invitations');
  assert.equal(value.find(({ status }) => status === 'canceled').state.reason, reason);
});

journey('a message with markup is shown as text', async ({ page, server }) => {
  const lotte = await Api.of(server, LOTTE);
  const customer = await (await Api.of(server, ANNA)).organization();
  const message = '<img src=x onerror=alert(1)> & "quotes"\nsecond line 👩‍🏫';
  const sent = await lotte.invite(customer, 'oemPc', false, message);
  await enter(page, ANNA, `/partner-invitation/${sent.id}`);
  await expectVisible(page.getByText('<img src=x onerror=alert(1)>'));
});
