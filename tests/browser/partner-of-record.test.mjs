// The partner of record of a subscription: adding, changing and removing it in each cloud,
// and the explanations for missing permission and invalid IDs.

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
import { ANNA, BEN, CARLA, DAAN, EVA, MARA, Api, enter } from './support/people.mjs';

const LI_NA = 'li.na@jaderiver.example';
const KIM = 'kim@kestrel.example';
const LIST = '/billing/subscriptions';

/** The Partner IDs of the demo data. */
const OAKLINE = '6120984';
const MUNICH = '4391511';
const MERIDIAN_COMPANY = '4391500';
const MERIDIAN = '4391507';
const RHEINBLICK = '6623170';
const HAIYUN = '2719385';
const HAIYUN_BEIJING = '2719390';
const UNKNOWN = '9999999';

/** The labels of docs/domain.md. */
const LABELS = {
  'en-US': {
    worldwide: 'Products & services',
    elsewhere: 'Subscriptions',
    partner: 'Partner',
    field: 'Microsoft Partner ID',
    add: 'Add',
    addQuestion: (name) => `Add ${name} as the partner of record?`,
    more: 'More actions',
    addRecord: 'Add partner of record',
    edit: 'Edit partner of record',
    information: 'Partner information',
    check: 'Check ID',
    submit: 'Submit',
    ok: 'OK',
    belongs: (name) => `This ID belongs to ${name}.`,
    checkFirst: 'Check the ID first.',
    unchanged: 'This is already the partner of record of this subscription.',
    none: 'This subscription has no partner of record.',
    willHaveNone: 'This subscription will have no partner of record.',
    started: 'Your partner starts this.',
    added: 'is now the partner of record of',
    removed: 'has no partner of record any more.',
    until: 'Until',
  },
  'nl-NL': {
    worldwide: 'Producten en services',
    elsewhere: 'Abonnementen',
    partner: 'Partner',
    field: 'Microsoft-partner-id',
    add: 'Toevoegen',
    addQuestion: (name) => `${name} toevoegen als partner of record?`,
    more: 'Meer acties',
    addRecord: 'Partner of record toevoegen',
    edit: 'Partner of record bewerken',
    information: 'Partnergegevens',
    check: 'Id controleren',
    submit: 'Verzenden',
    ok: 'OK',
    belongs: (name) => `Deze id is van ${name}.`,
    checkFirst: 'Controleer eerst de id.',
    unchanged: 'Dit is al de partner of record van dit abonnement.',
    none: 'Dit abonnement heeft geen partner of record.',
    willHaveNone: 'Dit abonnement heeft dan geen partner of record meer.',
    started: 'Uw partner begint hiermee.',
    added: 'is nu de partner of record van',
    removed: 'heeft geen partner of record meer.',
    until: 'Tot',
  },
};

/** Signs in with the demo account of this name, in any language. */
async function enterAs(page, name, path) {
  await page.goto(path);
  const account = page.getByRole('button', { name });
  await account.click();
  await expectHidden(account);
}

/** Returns the first matching subscription, as a signed-in person sees it. */
async function find(api, query) {
  const { value } = await api.get(`/api/subscriptions?${query}`);
  assert.notEqual(value.length, 0, `The demo data has no subscription with ${query}.`);
  return value[0];
}

/** Sets or removes a partner of record through the API, as another administrator would. */
async function set(api, id, partnerId) {
  const path = `/api/subscriptions/${id}`;
  const etag = (await api.get(path))['@odata.etag'];
  return partnerId
    ? api.send('PUT', `${path}/partnerOfRecord`, { partnerId }, etag)
    : api.send('DELETE', `${path}/partnerOfRecord`, undefined, etag);
}

/** Opens a subscription from the list. */
async function open(page, subscription, title) {
  await expectText(page.getByRole('heading', { level: 1 }), title);
  const links = page.getByRole('link', { name: subscription.productName });
  const at = await eventually(async () => {
    const hrefs = await links.evaluateAll((found) => found.map((link) => link.getAttribute('href')));
    const place = hrefs.findIndex((href) => href.endsWith(subscription.id));
    assert.notEqual(place, -1, `${subscription.id} is not among ${hrefs}`);
    return place;
  });
  await links.nth(at).click();
  await expectText(page.getByRole('heading', { level: 1 }), subscription.productName);
}

function field(scope, label) {
  return scope.getByRole('textbox', { name: label.field });
}

/** Returns the explanation below a disabled button. */
async function reason(button) {
  await eventually(async () => assert.equal(await button.getAttribute('aria-disabled'), 'true'));
  const described = await button.getAttribute('aria-describedby');
  return button.page().locator(`[id="${described}"]`).innerText();
}

/** Returns the history of the partner of record, newest first. */
function history(page) {
  return page.getByRole('listitem').filter({ hasText: /\(\d+\)/ });
}

/** Checks an ID in the open dialog and submits it. */
async function checkAndSubmit(page, label, id, partner) {
  const dialog = page.getByRole('dialog', { name: label.information });
  await field(dialog, label).fill(id);
  const submit = dialog.getByRole('button', { name: label.submit, exact: true });
  assert.equal(await reason(submit), label.checkFirst);
  await dialog.getByRole('button', { name: label.check }).click();
  await expectVisible(dialog.getByText(label.belongs(partner)));
  await assertAccessible(page);
  await submit.click();
  await expectHidden(dialog);
  await expectVisible(page.getByText(label.added).first());
}

/** Changes the partner of record and removes it, which is the same in every cloud. */
async function changeAndRemove(page, label, { from, to, partner }) {
  const edit = page.getByRole('button', { name: label.edit });
  await edit.click();
  const dialog = page.getByRole('dialog', { name: label.information });
  assert.equal(await field(dialog, label).inputValue(), from);
  assert.equal(await reason(dialog.getByRole('button', { name: label.submit, exact: true })), label.unchanged);
  await assertAccessible(page);
  await checkAndSubmit(page, label, to, partner);
  await expectFocus(edit);
  await expectVisible(page.getByText(to, { exact: true }).first());
  await expectText(history(page).first(), new RegExp(`${partner} \\(${to}\\)`));
  await assertAccessible(page);

  await edit.click();
  await field(dialog, label).fill('');
  await expectVisible(dialog.getByText(label.willHaveNone));
  await assertAccessible(page);
  await dialog.getByRole('button', { name: label.ok, exact: true }).click();
  await expectHidden(dialog);
  await expectVisible(page.getByText(label.removed).first());
  await expectVisible(page.getByText(label.none));
  await expectText(history(page).first(), new RegExp(label.until));
  // The button is gone: the focus is at a place from which Tab leads on.
  await expectFocus(page.getByRole('heading', { level: 1 }));
  await assertAccessible(page);
}

for (const [locale, label] of Object.entries(LABELS)) {
  journey(`worldwide, ${locale}: added on the tab Partner, changed, and removed`, { locale }, async ({ page, server }) => {
    const subscription = await find(await Api.of(server, ANNA), "$filter=status eq 'active' and partnerId eq null");
    await enterAs(page, /Anna/, LIST);
    await open(page, subscription, label.worldwide);
    await assertAccessible(page);
    await page.getByRole('link', { name: label.partner, exact: true }).click();
    await expectPath(page, `${LIST}/${subscription.id}/partner`);
    await expectVisible(page.getByText(label.none));
    await assertAccessible(page);

    // The dialog names the partner before anything is saved.
    await field(page, label).fill(OAKLINE);
    await page.getByRole('button', { name: label.add, exact: true }).click();
    const dialog = page.getByRole('dialog', { name: label.addQuestion('Oakline IT') });
    await expectVisible(dialog.getByText(label.belongs('Oakline IT')));
    await assertAccessible(page);
    const before = await (await Api.of(server, ANNA)).get(`/api/subscriptions/${subscription.id}`);
    assert.equal(before.partnerOfRecord, undefined);
    await dialog.getByRole('button', { name: label.add, exact: true }).click();
    await expectHidden(dialog);
    await expectVisible(page.getByText(OAKLINE, { exact: true }).first());
    await expectText(history(page).first(), /Oakline IT \(6120984\)/);

    await changeAndRemove(page, label, { from: OAKLINE, to: MUNICH, partner: 'Meridian Cloud Services' });
    assert.equal(await history(page).count(), 2);
    await page.reload();
    await expectVisible(page.getByText(label.none));
  });

  journey(`Germany, ${locale}: added below the cost, shown in the list, changed, and removed`, { locale }, async ({ page, server }) => {
    const subscription = await find(await Api.of(server, EVA), "$filter=status eq 'active' and partnerId eq null");
    await enterAs(page, /Eva Brandt/, LIST);
    await open(page, subscription, label.elsewhere);
    await assertAccessible(page);
    const more = page.getByRole('button', { name: label.more });
    await more.click();
    await page.getByRole('button', { name: label.addRecord, exact: true }).click();
    await expectVisible(page.getByRole('dialog', { name: label.information }));
    await checkAndSubmit(page, label, MERIDIAN, 'Meridian Cloud Services');
    await expectFocus(more);
    await page.getByRole('navigation').getByRole('link', { name: label.elsewhere }).first().click();
    await expectText(
      page.getByRole('row').filter({ has: page.locator(`a[href$="${subscription.id}"]`) }),
      new RegExp(MERIDIAN),
    );
    await page.goto(`${LIST}/${subscription.id}`);
    await changeAndRemove(page, label, { from: MERIDIAN, to: RHEINBLICK, partner: 'Rheinblick Systemhaus GmbH' });
  });

  journey(`21Vianet, ${locale}: the partner starts it; changed, and removed`, { locale }, async ({ page, server }) => {
    const subscription = await find(await Api.of(server, LI_NA), '$filter=partnerId ne null');
    await enterAs(page, /Li Na/, LIST);
    await open(page, subscription, label.elsewhere);
    const from = subscription.partnerOfRecord.partnerId;
    const to = from === HAIYUN ? HAIYUN_BEIJING : HAIYUN;
    await changeAndRemove(page, label, { from, to, partner: '海云科技 Haiyun Technology' });
    await expectVisible(page.getByText(label.started));
    assert.equal(await page.getByRole('button', { name: label.addRecord }).count(), 0);
    assert.equal(await field(page, label).count(), 0);
    // Nor does the API add one.
    const api = await Api.of(server, LI_NA);
    await assert.rejects(set(api, subscription.id, HAIYUN), /partnerStartsIn21Vianet/);
  });
}

journey('each malformed ID has its own message before any request, and the same code from the API', async ({ page, server }) => {
  const label = LABELS['en-US'];
  const anna = await Api.of(server, ANNA);
  const { id } = await find(anna, "$filter=status eq 'active' and partnerId eq null");
  await enter(page, ANNA, `${LIST}/${id}/partner`);
  const asked = [];
  page.on('request', (request) => {
    if (request.method() !== 'GET') asked.push(request.url());
  });
  const input = field(page, label);
  const error = async (text) => {
    await eventually(async () => {
      const described = (await input.getAttribute('aria-describedby')).split(' ').at(-1);
      assert.equal((await page.locator(`[id="${described}"]`).innerText()).trim(), text);
    });
    assert.equal(await input.getAttribute('aria-invalid'), 'true');
  };
  for (const [typed, text, code] of [
    ['12a4', 'A Partner ID has digits only.', 'notDigits'],
    ['0123456', "A Partner ID doesn't begin with 0.", 'leadingZero'],
    ['12345678901', 'Use at most 10 characters.', 'tooLong'],
    ['8d1a0f0e-7b1c-4a57-9f86-2f1f0d3c9a11', 'This is a tenant ID. Ask the partner for its Partner ID.', 'tenantId'],
    ['', 'Enter a value.', 'empty'],
  ]) {
    await input.fill(typed);
    // An empty field is no error before it is submitted.
    if (typed) await error(text);
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await error(text);
    await expectFocus(input);
    await assert.rejects(
      anna.send('POST', '/api/partnerIds/check', { partnerId: typed }),
      new RegExp(`400 .*"code":"${code}"`),
    );
  }
  await assertAccessible(page);
  assert.deepEqual(asked, []);
  // A well-formed ID has no error.
  await input.fill(` ${OAKLINE} `);
  await eventually(async () => assert.equal(await input.getAttribute('aria-invalid'), null));
});

for (const [what, who, id, text, code, named] of [
  ['an unknown ID', ANNA, UNKNOWN, 'No partner has this Microsoft Partner ID.', 'partnerIdNotFound'],
  ['a global account', ANNA, MERIDIAN_COMPANY, "This Partner ID stands for the partner's whole company", 'partnerIdIsGlobalAccount', 'Meridian Cloud Services'],
  ['a partner of another cloud', ANNA, HAIYUN, "The partner doesn't work in this organization's cloud.", 'partnerNotInCloud', '海云科技 Haiyun Technology'],
  ['a global account, in Germany', EVA, MERIDIAN_COMPANY, "This Partner ID stands for the partner's whole company", 'partnerIdIsGlobalAccount', 'Meridian Cloud Services'],
  ['a partner of another cloud, in Germany', EVA, OAKLINE, "The partner doesn't work in this organization's cloud.", 'partnerNotInCloud', 'Oakline IT'],
  ['a partner of another cloud, where 21Vianet operates it', LI_NA, MERIDIAN, "The partner doesn't work in this organization's cloud.", 'partnerNotInCloud', 'Meridian Cloud Services'],
]) {
  journey(`${what} is refused with its reason, and the API answers with the same code`, async ({ page, server }) => {
    const label = LABELS['en-US'];
    const api = await Api.of(server, who);
    const subscription = await find(api, "$filter=status eq 'active' and partnerId ne null");
    await enter(page, who, `${LIST}/${subscription.id}${who === ANNA ? '/partner' : ''}`);
    await page.getByRole('button', { name: label.edit }).click();
    const dialog = page.getByRole('dialog', { name: label.information });
    await field(dialog, label).fill(id);
    // Enter checks.
    await page.keyboard.press('Enter');
    await expectVisible(dialog.getByText(text).first());
    if (named) await expectVisible(dialog.getByText(label.belongs(named)));
    assert.notEqual(await reason(dialog.getByRole('button', { name: label.submit, exact: true })), '');
    await assertAccessible(page);
    // A result belongs to the text that was checked.
    await field(dialog, label).fill(`${id}1`);
    await expectHidden(dialog.getByText(text));
    await expectHidden(dialog.getByText('This ID belongs to'));
    await assert.rejects(set(api, subscription.id, id), new RegExp(`"code":"${code}"`));
  });
}

journey('an unchanged ID and an ended subscription each have their reason', async ({ page, server }) => {
  const label = LABELS['en-US'];
  const anna = await Api.of(server, ANNA);
  const { id, partnerOfRecord } = await find(anna, "$filter=status eq 'active' and partnerId ne null");
  await enter(page, ANNA, `${LIST}/${id}/partner`);
  await page.getByRole('button', { name: label.edit }).click();
  const dialog = page.getByRole('dialog', { name: label.information });
  await dialog.getByRole('button', { name: label.check }).click();
  await expectVisible(dialog.getByText(label.belongs(partnerOfRecord.partnerName)));
  assert.equal(await reason(dialog.getByRole('button', { name: label.submit, exact: true })), label.unchanged);
  await assert.rejects(set(anna, id, partnerOfRecord.partnerId), /409 .*"code":"partnerOfRecordUnchanged"/);

  for (const [wanted, button] of [['ne null', label.edit], ['eq null', label.add]]) {
    const { value } = await anna.get(`/api/subscriptions?$filter=status eq 'ended' and partnerId ${wanted}`);
    if (value.length === 0) continue;
    await page.goto(`${LIST}/${value[0].id}/partner`);
    const text = await reason(page.getByRole('button', { name: button, exact: true }));
    assert.match(text, /This subscription has ended/);
    await tabTo(page, 'button', button);
    await page.keyboard.press('Enter');
    assert.equal(await page.getByRole('dialog').count(), 0);
    await assertAccessible(page);
    await assert.rejects(set(anna, value[0].id, OAKLINE), /409 .*"code":"subscriptionEnded"/);
  }
});

journey('two administrators change the same subscription: the second sees the change of the first, and loses nothing', async ({ page, server, visitor }) => {
  const label = LABELS['en-US'];
  const { id } = await find(await Api.of(server, ANNA), "$filter=status eq 'active' and partnerId eq null");
  await set(await Api.of(server, ANNA), id, MERIDIAN);
  await enter(page, ANNA, `${LIST}/${id}/partner`);
  await page.getByRole('button', { name: label.edit }).click();
  const dialog = page.getByRole('dialog', { name: label.information });
  await field(dialog, label).fill(MUNICH);
  await dialog.getByRole('button', { name: label.check }).click();
  await expectVisible(dialog.getByText(label.belongs('Meridian Cloud Services')));

  const { page: daan } = await visitor();
  await enter(daan, DAAN, `${LIST}/${id}/partner`);
  await daan.getByRole('button', { name: label.edit }).click();
  await checkAndSubmit(daan, label, OAKLINE, 'Oakline IT');

  const answer = page.waitForResponse((response) => response.request().method() === 'PUT');
  await dialog.getByRole('button', { name: label.submit, exact: true }).click();
  assert.equal((await answer).status(), 412);
  const told = dialog.getByRole('alert');
  await expectText(told, /Somebody else changed this subscription in the meantime\./);
  await expectText(told, /Daan Smit made Oakline IT \(6120984\) the partner of record on .*20\d\d/);
  assert.equal(await field(dialog, label).inputValue(), MUNICH);
  await expectVisible(
    dialog.getByText(
      'Meridian Cloud Services (4391511) becomes the partner of record in place of Oakline IT (6120984). Each is told by email.',
    ),
  );
  await assertAccessible(page);
  // Submitting again is deliberate.
  await dialog.getByRole('button', { name: label.submit, exact: true }).click();
  await expectHidden(dialog);
  await expectVisible(page.getByText(MUNICH, { exact: true }).first());
  await expectText(history(page).nth(1), /Oakline IT \(6120984\)/);

  // His page still shows his own version while the partner of record is removed elsewhere.
  await set(await Api.of(server, ANNA), id, '');
  await daan.getByRole('button', { name: label.edit }).click();
  const his = daan.getByRole('dialog', { name: label.information });
  await field(his, label).fill('');
  await his.getByRole('button', { name: label.ok, exact: true }).click();
  await expectText(his.getByRole('alert'), /Anna .* removed the partner of record Meridian Cloud Services \(4391511\)/);
  await assertAccessible(daan);
});

journey('two administrators add a partner of record: the second has to confirm again', async ({ page, server }) => {
  const label = LABELS['en-US'];
  const { id } = await find(await Api.of(server, ANNA), "$filter=status eq 'active' and partnerId eq null");
  await enter(page, ANNA, `${LIST}/${id}/partner`);
  await field(page, label).fill(OAKLINE);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: label.addQuestion('Oakline IT') });
  await expectVisible(dialog);
  await set(await Api.of(server, DAAN), id, MERIDIAN);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expectText(dialog.getByRole('alert'), /Daan Smit made Meridian Cloud Services \(4391507\) the partner of record/);
  await assertAccessible(page);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expectHidden(dialog);
  await expectVisible(page.getByText(OAKLINE, { exact: true }).first());
});

journey('a Global reader sees everything and sets nothing; a Billing administrator does', async ({ page, server, visitor }) => {
  const label = LABELS['en-US'];
  const anna = await Api.of(server, ANNA);
  const none = await find(anna, "$filter=status eq 'active' and partnerId eq null");
  const any = await find(anna, "$filter=status eq 'active' and partnerId ne null");
  await enter(page, CARLA, `${LIST}/${any.id}/partner`);
  assert.match(
    await reason(page.getByRole('button', { name: label.edit })),
    /Only a Global or Billing administrator can do this\./,
  );
  await expectVisible(history(page).first());
  await assertAccessible(page);
  await page.goto(`${LIST}/${none.id}/partner`);
  assert.match(
    await reason(page.getByRole('button', { name: 'Add', exact: true })),
    /Only a Global or Billing administrator can do this\./,
  );
  const carla = await Api.of(server, CARLA);
  await assert.rejects(set(carla, none.id, OAKLINE), /403 .*"code":"billingAdministratorRequired"/);

  const { page: ben } = await visitor();
  await enter(ben, BEN, `${LIST}/${any.id}/partner`);
  await ben.getByRole('button', { name: label.edit }).click();
  await field(ben.getByRole('dialog'), label).fill('');
  await ben.getByRole('button', { name: label.ok, exact: true }).click();
  await expectVisible(ben.getByText(label.none));
});

for (const [role, who] of [
  ['Admin agent', MARA],
  ['Sales agent', 'sam@meridiancloud.example'],
  ['Helpdesk agent', 'hugo@meridiancloud.example'],
]) {
  journey(`the partner of record's ${role} sees the subscription and sets no partner of record`, async ({ page, server }) => {
    const label = LABELS['en-US'];
    const eva = await Api.of(server, EVA);
    const { id } = await find(eva, "$filter=status eq 'active' and partnerId eq null");
    await set(eva, id, MERIDIAN);
    const api = await Api.of(server, who);
    const { value } = await api.get('/api/relationships');
    const lindenhof = value.find(({ customerName }) => customerName.startsWith('Lindenhof'));
    await enter(page, who, `/customers/${lindenhof.id}/subscriptions/${id}`);
    await expectVisible(page.getByText(MERIDIAN, { exact: true }).first());
    const text = await reason(page.getByRole('button', { name: label.edit }));
    assert.match(text, /Only the customer sets the partner of record/);
    await assertAccessible(page);
    for (const partnerId of [RHEINBLICK, '']) {
      await assert.rejects(set(api, id, partnerId), /403 .*"code":"customerSetsPartnerOfRecord"/);
    }
    await assert.rejects(
      api.send('POST', '/api/partnerIds/check', { partnerId: RHEINBLICK }),
      /403 .*"code":"customerSetsPartnerOfRecord"/,
    );
  });
}

journey('changing the quantity, suspending, reactivating and canceling need a confirmation', async ({ page, server }) => {
  const anna = await Api.of(server, ANNA);
  const { value } = await anna.get("/api/subscriptions?$filter=status eq 'active'");
  const own = value.find(({ seller, unitPrice }) => !seller && unitPrice);
  await enter(page, ANNA, `${LIST}/${own.id}`);
  const more = page.getByRole('button', { name: 'More actions' });
  const choose = async (name) => {
    await more.click();
    await page.getByRole('button', { name, exact: true }).click();
  };
  await more.click();
  await expectVisible(page.getByRole('button', { name: 'Change quantity', exact: true }));
  await assertAccessible(page);
  await page.keyboard.press('Escape');

  await choose('Change quantity');
  const dialog = page.getByRole('dialog', { name: 'Change quantity' });
  const licenses = dialog.getByRole('textbox', { name: 'Licenses' });
  assert.equal(await licenses.inputValue(), String(own.quantity));
  await licenses.fill('0');
  await expectVisible(dialog.getByText('Enter a whole number from 1 to 10,000.').first());
  await assertAccessible(page);
  await licenses.fill('37');
  await expectVisible(dialog.getByText(/^New cost: .* per (month|year)$/));
  await page.keyboard.press('Enter');
  await expectHidden(dialog);
  await expectVisible(page.getByText(`${own.productName} has 37 licenses now.`));
  await expectVisible(page.getByText(/^37 licenses at /));
  await expectFocus(more);

  await choose('Suspend');
  const question = page.getByRole('dialog');
  await assertAccessible(page);
  await page.keyboard.press('Escape');
  await expectFocus(more);
  await choose('Suspend');
  await question.getByRole('button', { name: 'Suspend', exact: true }).click();
  await expectVisible(page.getByText(`${own.productName} is suspended.`));
  // The quantity of a suspended subscription can't be changed, and the menu explains why.
  await more.click();
  const quantity = page.getByRole('button', { name: 'Change quantity', exact: true });
  assert.match(await reason(quantity), /This subscription is suspended\. Reactivate it first/);
  await tabTo(page, 'button', /^Change quantity$/);
  await page.keyboard.press('Enter');
  await expectVisible(quantity);
  assert.equal(await page.getByRole('dialog').count(), 0);
  await page.getByRole('button', { name: 'Reactivate', exact: true }).click();
  await question.getByRole('button', { name: 'Reactivate', exact: true }).click();
  await expectVisible(page.getByText(`${own.productName} is active again.`));

  // Another administrator is faster.
  await choose('Change quantity');
  await licenses.fill('38');
  const now = await anna.get(`/api/subscriptions/${own.id}`);
  await (await Api.of(server, DAAN)).send('PATCH', `/api/subscriptions/${own.id}`, { quantity: '41' }, now['@odata.etag']);
  await dialog.getByRole('button', { name: 'Change quantity', exact: true }).click();
  await expectText(dialog.getByRole('alert'), /It has 41 licenses now\./);
  assert.equal(await licenses.inputValue(), '38');
  await dialog.getByRole('button', { name: 'Change quantity', exact: true }).click();
  await expectVisible(page.getByText(`${own.productName} has 38 licenses now.`));

  await choose('Cancel subscription');
  const alert = page.getByRole('alertdialog');
  await expectText(alert, /can't be reactivated/);
  await assertAccessible(page);
  await alert.getByRole('button', { name: 'Keep subscription' }).click();
  await choose('Cancel subscription');
  await alert.getByRole('button', { name: 'Cancel subscription' }).click();
  await expectVisible(page.getByText(`The subscription to ${own.productName} has ended.`));
  // An ended subscription has no price and no renewal date.
  await expectHidden(page.getByText(/ per (month|year)$/));
  await expectHidden(page.getByText('Term', { exact: true }));
  await more.click();
  assert.match(await reason(page.getByRole('button', { name: 'Suspend', exact: true })), /has ended/);
  await assertAccessible(page);
});

journey('a trial is free while it runs, and costs nothing once it was canceled', async ({ page, server }) => {
  const { id, productName } = await find(await Api.of(server, ANNA), "$filter=status eq 'trial'");
  await enter(page, ANNA, `${LIST}/${id}`);
  await expectVisible(page.getByText('Free trial'));
  await expectHidden(page.getByText('Term', { exact: true }));
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('button', { name: 'Cancel subscription', exact: true }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel subscription' }).click();
  await expectVisible(page.getByText(`The subscription to ${productName} has ended.`));
  await expectHidden(page.getByText('Free trial'));
  await expectHidden(page.getByText(/As agreed|Shown only to the customer/));
  await expectHidden(page.getByText('Term', { exact: true }));
  await assertAccessible(page);
});

journey('in Germany, an ended subscription shows that instead of the button to add one', async ({ page, server }) => {
  const eva = await Api.of(server, EVA);
  const { value } = await eva.get("/api/subscriptions?$filter=status eq 'active' and partnerId eq null");
  const own = value.find(({ seller }) => !seller);
  await enter(page, EVA, `${LIST}/${own.id}`);
  const way = page.getByText('To add one, choose More actions');
  await expectVisible(way);
  await eva.send('POST', `/api/subscriptions/${own.id}/cancel`, {}, own['@odata.etag']);
  await page.reload();
  await expectVisible(page.getByText('This subscription has no partner of record.'));
  await expectHidden(way);
  await expectVisible(page.getByRole('paragraph').filter({ hasText: /^This subscription has ended/ }));
});

journey('a change to another location of the same partner is one mail', async ({ page, server }) => {
  const { id, partnerOfRecord } = await find(await Api.of(server, LI_NA), '$filter=partnerId ne null');
  assert.equal(partnerOfRecord.partnerId, HAIYUN);
  await enter(page, LI_NA, `${LIST}/${id}`);
  await page.getByRole('button', { name: 'Edit partner of record' }).click();
  const dialog = page.getByRole('dialog', { name: 'Partner information' });
  await field(dialog, LABELS['en-US']).fill(HAIYUN_BEIJING);
  await dialog.getByRole('button', { name: 'Check ID' }).click();
  const name = '海云科技 Haiyun Technology';
  await expectVisible(
    dialog.getByText(
      `${name} (${HAIYUN_BEIJING}) becomes the partner of record in place of ${name} (${HAIYUN}), and is told by email.`,
    ),
  );
});

journey('a subscription that a reseller sold is managed by the reseller', async ({ page, server, visitor }) => {
  const anna = await Api.of(server, ANNA);
  const { value } = await anna.get("/api/subscriptions?$filter=status eq 'active'");
  const sold = value.find(({ seller }) => seller?.sells);
  await enter(page, ANNA, `${LIST}/${sold.id}`);
  const menu = async (page, name) => {
    await page.getByRole('button', { name: 'More actions' }).click();
    return reason(page.getByRole('button', { name, exact: true }));
  };
  assert.match(await menu(page, 'Change quantity'), /A reseller sold this subscription and manages it/);
  await assertAccessible(page);

  const kim = await Api.of(server, KIM);
  const { value: customers } = await kim.get('/api/relationships');
  const brightwater = customers.find(({ customerName }) => customerName.startsWith('Brightwater'));
  const { page: reseller } = await visitor();
  await enter(reseller, KIM, `/customers/${brightwater.id}/subscriptions/${sold.id}`);
  await expectText(reseller.getByRole('heading', { level: 1 }), sold.productName);
  await assertAccessible(reseller);
  await reseller.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: /Brightwater/ }).click();
  await expectPath(reseller, `/customers/${brightwater.id}`);
});

journey('without the agreement a reseller can change nothing, and the page says what to do', async ({ page, server, visitor }) => {
  const eva = await Api.of(server, EVA);
  const { value } = await eva.get("/api/subscriptions?$filter=status eq 'active'");
  const sold = value.find(({ seller }) => seller?.sells && !seller.agreementAccepted);
  const { value: customers } = await (await Api.of(server, MARA)).get('/api/relationships');
  const lindenhof = customers.find(({ customerName }) => customerName.startsWith('Lindenhof'));
  await enter(page, MARA, `/customers/${lindenhof.id}/subscriptions/${sold.id}`);
  const more = page.getByRole('button', { name: 'More actions' });
  const quantity = page.getByRole('button', { name: 'Change quantity', exact: true });
  const cure = page.getByRole('link', { name: /^http.*\/billing\/accounts\/agreement$/ });
  await expectVisible(cure);
  await more.click();
  assert.match(
    await reason(quantity),
    /hasn't accepted the Microsoft Customer Agreement.*can accept it on the page “Accept agreement”/,
  );
  await assertAccessible(page);

  const { page: customer } = await visitor();
  await enter(customer, EVA, `${LIST}/${sold.id}`);
  await expectVisible(customer.getByText(/can't order or manage subscriptions for you until your organization accepts/));
  await assertAccessible(customer);
  await customer.getByRole('link', { name: 'Accept agreement' }).click();
  await expectText(customer.getByRole('heading', { level: 1 }), 'Accept agreement');
  await customer.getByRole('button', { name: 'Microsoft Customer Agreement' }).click();
  await expectVisible(customer.getByText('This text is a sample'));
  await customer.keyboard.press('Escape');
  await customer.getByRole('checkbox').check();
  await customer.getByRole('button', { name: 'Accept', exact: true }).click();
  await expectText(customer.getByRole('heading', { level: 1 }), 'Partner relationships');

  await page.reload();
  await more.click();
  await expectHidden(cure);
  await quantity.click();
  const dialog = page.getByRole('dialog', { name: 'Change quantity' });
  await dialog.getByRole('textbox', { name: 'Licenses' }).fill('90');
  await dialog.getByRole('button', { name: 'Change quantity', exact: true }).click();
  await expectVisible(page.getByText(`${sold.productName} has 90 licenses now.`));
});

journey('a partner of record is added with the keyboard only', async ({ page, server }) => {
  const { id } = await find(await Api.of(server, ANNA), "$filter=status eq 'active' and partnerId eq null");
  await enter(page, ANNA, `${LIST}/${id}`);
  await tabTo(page, 'link', /^Partner$/);
  await page.keyboard.press('Enter');
  await expectPath(page, /\/partner$/);
  await tabTo(page, 'textbox', /Microsoft Partner ID/);
  await page.keyboard.type('1 2');
  await expectVisible(page.getByText('A Partner ID has digits only.'));
  await page.keyboard.press('Control+A');
  await page.keyboard.type(OAKLINE);
  await tabTo(page, 'button', /^Add$/);
  await page.keyboard.press('Enter');
  const title = page.getByRole('heading', { name: 'Add Oakline IT as the partner of record?' });
  await expectFocus(title);
  await page.keyboard.press('Escape');
  await expectFocus(page.getByRole('button', { name: 'Add', exact: true }));
  await page.keyboard.press('Enter');
  await expectFocus(title);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expectHidden(title);
  await expectFocus(page.getByRole('heading', { level: 1 }));
  const edit = await tabTo(page, 'button', 'Edit partner of record');
  await page.keyboard.press('Enter');
  await expectFocus(page.getByRole('heading', { name: 'Partner information' }));
  await page.keyboard.press('Tab');
  await page.keyboard.type(MUNICH);
  await page.keyboard.press('Enter');
  await expectVisible(page.getByText('This ID belongs to Meridian Cloud Services.'));
  await page.keyboard.press('Escape');
  await expectFocus(edit);
});

journey('the partner directory cannot be enumerated', async ({ page, server }) => {
  const label = LABELS['en-US'];
  const anna = await Api.of(server, ANNA);
  const { id } = await find(anna, "$filter=status eq 'active' and partnerId eq null");
  await enter(page, ANNA, `${LIST}/${id}/partner`);
  // Two hundred different IDs in a day; the IDs of the organization's own partners of record
  // and repeated IDs don't count.
  for (let guess = 1; guess <= 200; guess += 1) {
    const check = anna.send('POST', '/api/partnerIds/check', { partnerId: String(guess) });
    await assert.rejects(check, /404 .*"code":"partnerIdNotFound"/);
  }
  const input = field(page, label);
  await input.fill(MUNICH);
  await page.keyboard.press('Enter');
  await expectVisible(page.getByText(/looked up as many different IDs as it can in a day\. Try again (in \d+ hours|tomorrow)/));
  assert.equal(await input.inputValue(), MUNICH);
  assert.equal(await page.getByRole('dialog').count(), 0);
  await assertAccessible(page);
  // Setting a partner of record reveals no more.
  await assert.rejects(set(anna, id, MUNICH), /429 .*"code":"tooManyLookUps"/);
  await input.fill('200');
  await page.keyboard.press('Enter');
  await expectVisible(page.getByText('No partner has this Microsoft Partner ID.'));
  await input.fill(OAKLINE);
  await page.keyboard.press('Enter');
  await expectVisible(page.getByRole('dialog', { name: label.addQuestion('Oakline IT') }));
});

journey('no input is lost while the server is unavailable', async ({ page, server, problems }) => {
  const label = LABELS['en-US'];
  const { id } = await find(await Api.of(server, EVA), "$filter=status eq 'active' and partnerId eq null");
  await enter(page, EVA, `${LIST}/${id}`);
  await page.getByRole('button', { name: label.more }).click();
  await page.getByRole('button', { name: label.addRecord, exact: true }).click();
  const dialog = page.getByRole('dialog', { name: label.information });
  await field(dialog, label).fill(MERIDIAN);
  problems.expectOffline();
  await server.kill();
  await dialog.getByRole('button', { name: label.check }).click();
  await expectVisible(dialog.getByText("The server can't be reached."));
  await server.start();
  await dialog.getByRole('button', { name: label.check }).click();
  await expectVisible(dialog.getByText(label.belongs('Meridian Cloud Services')));
  await server.kill();
  await dialog.getByRole('button', { name: label.submit, exact: true }).click();
  await expectVisible(dialog.getByText("The server can't be reached."));
  assert.equal(await field(dialog, label).inputValue(), MERIDIAN);
  await assertAccessible(page);
  await server.start();
  problems.expectOffline(false);
  await dialog.getByRole('button', { name: label.submit, exact: true }).click();
  await expectHidden(dialog);
  await expectVisible(page.getByText(MERIDIAN, { exact: true }).first());
});

for (const [theme, locale, width] of [
  ['light', 'en-US', 1280],
  ['dark', 'nl-NL', 390],
  ['dark', 'de-DE', 768],
]) {
  journey(`no subscription's page has a barrier or scrolls sideways: ${theme}, ${locale}, ${width} pixels`, { theme, locale, width }, async ({ page, server }) => {
    const { value } = await (await Api.of(server, ANNA)).get('/api/subscriptions');
    // One of each status, with and without a partner of record, sold by a reseller or not.
    const kinds = new Map(value.map((one) => [
      [one.status, Boolean(one.partnerOfRecord), Boolean(one.seller)].join(),
      one,
    ]));
    await enterAs(page, /Anna/, '/');
    for (const { id } of kinds.values()) {
      for (const path of [`${LIST}/${id}`, `${LIST}/${id}/partner`]) {
        await page.goto(path, { waitUntil: 'networkidle' });
        await expectVisible(page.getByRole('heading', { level: 1 }));
        await assertAccessible(page);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${path} scrolls sideways by ${wide} pixels`);
      }
    }
  });
}

journey('a subscription of another organization is not found', async ({ page, server }) => {
  const { id, productName } = await find(await Api.of(server, EVA), "$filter=status eq 'active'");
  await enter(page, ANNA, `${LIST}/${id}`);
  await expectVisible(page.getByText("We couldn't find this").first());
  await expectHidden(page.getByText(productName));
  await assertAccessible(page);
});
