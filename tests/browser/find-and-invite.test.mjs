// The other half of the main job, by two people in two browsers: a customer finds a
// partner and writes to it, the partner answers with an invitation, the mail arrives at a
// mail server, its link is followed, and both sides see the relationship.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import {
  assertAccessible,
  expectPath,
  expectText,
  expectVisible,
} from './support/browser.mjs';
import { journey } from './support/journey.mjs';
import { startMailServer } from './support/mail-server.mjs';
import { GRACE, MARA, enter } from './support/people.mjs';

const MERIDIAN = 'Meridian Cloud Services';
const HARBOUR = 'Harbour Bakery';
const NEEDS = 'We move 25 people and their mail before the summer.';

let mailServer;
before(async () => {
  mailServer = await startMailServer();
});
after(() => mailServer?.stop());

/** The options of a server that sends its mail through the mail server of this test. */
const smtp = {
  get env() {
    return { ACCORD_SMTP: mailServer.url, ACCORD_MAIL_FROM: 'Accord <no-reply@accord.example>' };
  },
};

journey('find, contact, answer, preview, send, follow the mail, accept: both sides see it', { server: smtp }, async ({ page: grace, visitor }) => {
  // Grace looks for help with a migration, and writes to a partner.
  await enter(grace, GRACE, '/partners');
  await expectText(grace.getByRole('heading', { level: 1 }), 'Find a partner');
  await grace.getByRole('combobox', { name: 'Country or region' }).selectOption({ label: 'Netherlands' });
  await grace.getByRole('textbox', { name: 'Keywords' }).or(grace.getByRole('searchbox', { name: 'Keywords' })).fill('migration');
  await grace.getByRole('button', { name: 'Go' }).click();
  await grace.getByRole('checkbox', { name: `Select ${MERIDIAN}` }).check();
  await assertAccessible(grace);
  await grace.getByRole('link', { name: 'Contact selected providers' }).or(grace.getByRole('button', { name: 'Contact selected providers' })).click();
  await grace.getByRole('textbox', { name: /Business needs/ }).fill(NEEDS);
  await grace.getByRole('combobox', { name: /Organization size/ }).selectOption({ index: 2 });
  await grace.getByRole('checkbox', { name: /I agree/ }).check();
  await assertAccessible(grace);
  await grace.getByRole('button', { name: 'Send' }).click();
  await expectPath(grace, '/partners/requests');
  await expectVisible(grace.getByText(NEEDS).first());
  await assertAccessible(grace);

  // The partner gets a mail, and reads the enquiry.
  const told = await mailServer.mail((mail) => mail.text.includes(NEEDS));
  assert.match(told.subject, new RegExp(HARBOUR));
  const { page: mara } = await visitor();
  await enter(mara, MARA, '/enquiries');
  await mara.getByRole('link', { name: HARBOUR }).first().click();
  await expectVisible(mara.getByText(NEEDS));
  await assertAccessible(mara);
  await grace.getByRole('button', { name: 'Refresh' }).click();
  await expectVisible(grace.getByText('The provider has read it, and hasn\'t answered yet.').first());

  // She answers with an invitation that is prefilled from the enquiry.
  await mara.getByRole('link', { name: 'Answer with an invitation' }).or(mara.getByRole('button', { name: 'Answer with an invitation' })).click();
  await mara.getByRole('combobox', { name: 'Relationship type' }).or(mara.getByRole('group', { name: 'Relationship type' })).first().waitFor();
  const type = mara.getByRole('combobox', { name: 'Relationship type' });
  if (await type.count()) {
    await type.selectOption({ label: 'Advisor' });
  } else {
    await mara.getByRole('radio', { name: /^Advisor/ }).check();
  }
  await mara.getByRole('textbox', { name: /Your message/ }).fill('As we discussed on the phone.');
  await expectVisible(mara.getByText('Saved', { exact: true }));
  assert.equal(
    await mara.getByRole('textbox', { name: /Goes to/ }).inputValue(),
    GRACE,
    'the contact person of the enquiry',
  );
  await assertAccessible(mara);

  // The preview, and back.
  await mara.getByRole('link', { name: 'Preview' }).or(mara.getByRole('button', { name: 'Preview' })).click();
  const frame = mara.frameLocator('iframe[title="The customer\'s page"]');
  await expectVisible(frame.getByText('As we discussed on the phone.'));
  await mara.goBack();
  await mara.getByRole('button', { name: 'Send', exact: true }).click();
  await mara.getByRole('dialog').or(mara.getByRole('alertdialog')).getByRole('button', { name: 'Send' }).click();
  await expectVisible(mara.getByText(`The invitation was sent to ${HARBOUR}.`));
  await assertAccessible(mara);

  // The mail, its link, and the code that is in both.
  const mail = await mailServer.mail((mail) => mail.text.includes('/partner-invitation#') && mail.text.includes('As we discussed on the phone.'));
  const [link] = /\S*\/partner-invitation#[0-9a-f]+/.exec(mail.text);
  const [code] = /\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b/.exec(mail.text);
  assert.equal(mail.to.value[0].address, GRACE);
  const { pathname, hash } = new URL(link);
  await grace.goto(pathname + hash);
  await expectText(grace.getByRole('heading', { level: 1 }), /Accept agreement & authorize partner/);
  await expectVisible(grace.getByText(code).first());
  await grace.getByRole('button', { name: 'Microsoft Customer Agreement' }).click();
  await expectVisible(grace.getByText('This text is a sample'));
  await grace.keyboard.press('Escape');
  await grace.getByRole('checkbox', { name: /I have read/ }).check();
  await grace.getByRole('button', { name: 'Accept & Authorize' }).click();

  // Both sides see the relationship, and the enquiry its answer.
  await expectPath(grace, '/settings/partner-relationships');
  await expectVisible(grace.getByRole('row', { name: new RegExp(`${MERIDIAN}.*Advisor`) }));
  await mara.goto('/customers');
  await expectVisible(mara.getByRole('row', { name: new RegExp(`${HARBOUR}.*Advisor`) }));
  await assertAccessible(mara);
  await grace.goto('/partners/requests');
  await expectVisible(grace.getByText('The provider answered with an invitation.').first());
});
