// The list of subscriptions, changing the partner of record of many of them by selection and
// by file, and their places on other pages: offers, partners, customers, accounts.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import {
  assertAccessible,
  eventually,
  expectFocus,
  expectHidden,
  expectPath,
  expectText,
  expectVisible,
} from './support/browser.mjs';
import { journey } from './support/journey.mjs';
import { ANNA, BEN, CARLA, DAAN, EVA, GRACE, MARA, Api, enter } from './support/people.mjs';

const LI_NA = 'li.na@jaderiver.example';
const KIM = 'kim@kestrel.example';
const LIST = '/billing/subscriptions';
const IMPORT = `${LIST}/import`;

/** Partner IDs of the demo data. */
const QUILLON = '7730251';
const OAKLINE = '6120984';
const MERIDIAN_COMPANY = '4391500';
const MUNICH = '4391511';
const HAIYUN = '2719385';

const heading = (page) => page.getByRole('heading', { level: 1 });
const rowOf = (page, product) => page.getByRole('row', { name: product });

/** Returns the names of the products in the list, from the top. */
function names(page) {
  return page.getByRole('table').getByRole('rowheader').getByRole('link').allInnerTexts();
}

async function expectNames(page, expected) {
  await eventually(async () => assert.deepEqual(await names(page), expected));
}

/** Returns the subscriptions of the signed-in person's organization by product. */
async function subscriptions(api) {
  const { value } = await api.get('/api/subscriptions');
  return Object.fromEntries(value.map((one) => [one.productName, one]));
}

/** Selects these in the list. */
async function select(page, products) {
  for (const product of products) {
    await page.getByRole('checkbox', { name: `Select ${product}`, exact: true }).check();
  }
}

async function reasonOf(page, button) {
  const described = await button.getAttribute('aria-describedby');
  return page.locator(`[id="${described}"]`).innerText();
}

/** Returns the log entries with this action. */
async function logged(api, action) {
  const { value } = await api.get('/api/activity');
  return value.filter((entry) => entry.action === action);
}

for (const [who, locale, title, nav] of [
  [ANNA, 'en-US', 'Products & services', 'Navigation'],
  [ANNA, 'nl-NL', 'Producten en services', 'Navigatie'],
  [EVA, 'en-US', 'Subscriptions', 'Navigation'],
  [EVA, 'nl-NL', 'Abonnementen', 'Navigatie'],
  [LI_NA, 'en-US', 'Subscriptions', 'Navigation'],
]) {
  journey(`the list has its cloud's name: ${title}, for ${who}`, { locale }, async ({ page }) => {
    await enter(page, who);
    await page.getByRole('navigation', { name: nav }).getByRole('link', { name: title }).click();
    await expectText(heading(page), title);
    await expectPath(page, LIST);
    await expectVisible(page.getByRole('rowheader').first());
    await assertAccessible(page);
  });
}

for (const [who, path] of [['Eva Brandt', LIST], ['Anna de Vries', LIST], ['Anna de Vries', IMPORT], ['Li Na', LIST]]) {
  journey(`in German on a small phone nothing scrolls sideways: ${path}, ${who}`, { locale: 'de-DE', width: 320 }, async ({ page }) => {
    await page.goto(path);
    await page.getByRole('button', { name: who }).click();
    await expectVisible(page.locator(path === LIST ? '[role=rowheader]' : '[type=file] ~ .action').first());
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${path} scrolls sideways by ${wide} pixels`);
    // A badge breaks between words, never inside one.
    const table = page.getByRole('table');
    for (const badge of await table.getByText(/^(Aktiv|Testabonnement|Ausgesetzt|Beendet)$/).all()) {
      const words = (await badge.innerText()).trim().split(/\s+/).length;
      const lines = await badge.evaluate((element) => {
        const { height } = element.getBoundingClientRect();
        return Math.round(height / parseFloat(getComputedStyle(element).lineHeight));
      });
      assert.ok(lines <= words, await badge.innerText());
    }
    await assertAccessible(page);
  });
}

journey('in Germany the list shows the Partner ID', async ({ page }) => {
  await enter(page, EVA, LIST);
  await expectText(rowOf(page, 'Office 365 Enterprise E3'), new RegExp(`Meridian Cloud Services ${MUNICH}`));
});

journey('each status shows the next date and the price', async ({ page }) => {
  await enter(page, ANNA, LIST);
  await expectText(rowOf(page, 'Microsoft 365 A3 for faculty'), /Active 120 Renews .* per year Oakline IT 6120984/);
  await expectText(rowOf(page, 'Power BI Pro'), /Active 12 Renews .* €134\.40 per month/);
  await expectText(rowOf(page, 'Visio Plan 2'), /Suspended 4/);
  await expectText(rowOf(page, 'Power BI Premium Per User'), /Trial 25 Ends .* Free trial/);
  await expectText(rowOf(page, 'Planner and Project Plan 5'), /Ended 10 Ended /);
  await expectText(rowOf(page, 'Project Plan 3'), /Ended 6 Ended /);
  await expectText(rowOf(page, 'Teams Phone Standard'), /Sold by Kestrel Licensing/);
});

journey('search, filters and sorting live in the address', async ({ page }) => {
  await enter(page, ANNA, LIST);
  await expectVisible(page.getByText('10 subscriptions', { exact: true }));
  const search = page.getByRole('searchbox');
  await search.fill('power bi');
  await expectNames(page, ['Power BI Premium Per User', 'Power BI Pro']);
  await expectFocus(search);
  await expectPath(page, /search=power%20bi/);
  await page.reload();
  await expectNames(page, ['Power BI Premium Per User', 'Power BI Pro']);
  await search.fill('nothing like it');
  await expectVisible(page.getByText('Nothing matches your search'));
  assert.equal(await page.getByRole('button', { name: 'Set partner of record' }).count(), 0);
  await assertAccessible(page);
  await page.getByRole('button', { name: 'Clear search and filters' }).click();
  await expectVisible(rowOf(page, 'Visio Plan 2'));

  await page.getByRole('combobox', { name: 'Status' }).selectOption({ label: 'Ended' });
  await expectNames(page, ['Planner and Project Plan 5', 'Project Plan 3']);
  await page.getByRole('combobox', { name: 'Status' }).selectOption({ label: 'All' });
  const partner = page.getByRole('combobox', { name: 'Partner of record' });
  await partner.selectOption({ label: `Oakline IT (${OAKLINE})` });
  await expectNames(page, ['Microsoft 365 A3 for faculty']);
  await expectPath(page, `${LIST}?partner=${OAKLINE}`);
  await page.reload();
  await expectNames(page, ['Microsoft 365 A3 for faculty']);
  await partner.selectOption({ label: 'Without a partner' });
  await expectPath(page, `${LIST}?partner=none`);
  await eventually(async () => assert.ok(!(await names(page)).includes('Visio Plan 2')));
  await page.goBack();
  await expectPath(page, `${LIST}?partner=${OAKLINE}`);

  await page.goto(LIST);
  await page.getByRole('button', { name: /Product/ }).click();
  await expectPath(page, /desc=true/);
  await eventually(async () => assert.equal((await names(page))[0], 'Visio Plan 2'));
  await page.getByRole('link', { name: 'Visio Plan 2' }).click();
  await expectText(heading(page), /Visio Plan 2/);
  await page.goBack();
  await eventually(async () => assert.equal((await names(page))[0], 'Visio Plan 2'));
});

journey('in bulk: the changes are shown, and one confirmation makes them', async ({ page, server }) => {
  await enter(page, ANNA, LIST);
  const set = page.getByRole('button', { name: 'Set partner of record' });
  await expectVisible(set);
  assert.equal(await set.getAttribute('aria-disabled'), 'true');
  assert.match(await reasonOf(page, set), /Select one or more subscriptions first/);
  await select(page, ['Power BI Pro', 'Exchange Online (Plan 1)', 'Microsoft 365 A3 for faculty', 'Project Plan 3']);
  await expectVisible(page.getByText('4 of 10 subscriptions selected'));
  await set.click();
  const dialog = page.getByRole('dialog', { name: /^Set the partner of record of/ });
  await expectVisible(dialog.getByRole('heading', { name: 'Set the partner of record of 4 subscriptions' }));
  const confirm = dialog.getByRole('button', { name: 'Set partner of record' });
  assert.match(await reasonOf(page, confirm), /Check the ID first/);
  await assertAccessible(page);

  // A malformed ID is reported before any request.
  const field = dialog.getByLabel('Microsoft Partner ID');
  await field.fill('06120984');
  await expectVisible(dialog.getByText("A Partner ID doesn't begin with 0."));
  await field.fill(OAKLINE);
  await dialog.getByRole('button', { name: 'Check ID' }).click();
  await expectVisible(dialog.getByText('This ID belongs to Oakline IT.'));
  await expectText(dialog.getByRole('alert'), /^1 subscription can't be changed\. Project Plan 3 .*ended/);
  assert.match(await reasonOf(page, confirm), /Leave out what can't be changed/);
  await assertAccessible(page);
  await dialog.getByRole('button', { name: 'Leave these out' }).click();
  await expectHidden(dialog.getByRole('alert'));
  await expectVisible(dialog.getByText('2 subscriptions will change.'));
  await expectVisible(dialog.getByText('1 subscription has this partner of record already.'));
  await expectText(dialog.getByRole('row', { name: 'Power BI Pro' }), /Power BI Pro .*Oakline IT 6120984/);
  await assertAccessible(page);
  await confirm.click();
  await expectVisible(page.getByText('The partner of record of 2 subscriptions was changed.').first());
  await expectText(rowOf(page, 'Power BI Pro'), /Oakline IT 6120984/);
  await expectText(rowOf(page, 'Exchange Online (Plan 1)'), /Oakline IT 6120984/);
  await expectVisible(page.getByText('Select all 10 subscriptions shown'));

  const api = await Api.of(server, ANNA);
  const added = await logged(api, 'partnerOfRecordAdded');
  const today = added.filter((entry) => entry.details.partnerId === OAKLINE && Date.now() - Date.parse(entry.at) < 600_000);
  assert.deepEqual(today.map((entry) => entry.target.name).sort(), ['Exchange Online (Plan 1)', 'Power BI Pro']);
});

journey('in bulk, Dutch: the partner of record is removed from several', { locale: 'nl-NL' }, async ({ page, server }) => {
  await enter(page, ANNA, LIST);
  for (const product of ['Microsoft 365 A3 for faculty', 'Visio Plan 2']) {
    await page.getByRole('checkbox', { name: `${product} selecteren` }).check();
  }
  await page.getByRole('button', { name: 'Partner of record verwijderen' }).click();
  const dialog = page.getByRole('dialog', { name: 'De partner of record van 2 abonnementen verwijderen?' });
  await expectVisible(dialog.getByText('2 abonnementen veranderen.'));
  await assertAccessible(page);
  await dialog.getByRole('button', { name: 'Partner of record verwijderen' }).click();
  await expectVisible(page.getByText('De partner of record van 2 abonnementen is gewijzigd.').first());
  const after = await subscriptions(await Api.of(server, ANNA));
  assert.equal(after['Microsoft 365 A3 for faculty'].partnerOfRecord, undefined);
  assert.equal(after['Visio Plan 2'].partnerOfRecord, undefined);
});

journey('in bulk: after a change by another administrator nothing is done and the new plan is shown', async ({ page, server }) => {
  await enter(page, ANNA, LIST);
  await select(page, ['Power BI Pro', 'Exchange Online (Plan 1)']);
  await page.getByRole('button', { name: 'Set partner of record' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Microsoft Partner ID').fill(OAKLINE);
  await dialog.getByLabel('Microsoft Partner ID').press('Enter');
  await expectVisible(dialog.getByText('2 subscriptions will change.'));

  const ben = await Api.of(server, BEN);
  const exchange = (await subscriptions(ben))['Exchange Online (Plan 1)'];
  await ben.send('PUT', `/api/subscriptions/${exchange.id}/partnerOfRecord`, { partnerId: QUILLON }, exchange['@odata.etag']);
  const confirm = dialog.getByRole('button', { name: 'Set partner of record' });
  await confirm.click();
  await expectVisible(dialog.getByText('Somebody else changed this in the meantime.'));
  await expectText(dialog.getByRole('row', { name: 'Exchange Online (Plan 1)' }), /Quillon Advisory 7730251 .*Oakline IT 6120984/);
  assert.equal((await subscriptions(ben))['Power BI Pro'].partnerOfRecord, undefined, 'all or nothing');
  assert.equal(await dialog.getByLabel('Microsoft Partner ID').inputValue(), OAKLINE);
  await confirm.click();
  await expectVisible(page.getByText('The partner of record of 2 subscriptions was changed.').first());
});

for (const [verb, names] of [['Set', true], ['Remove', false]]) {
  journey(`in bulk, ${verb}: a failed plan is requested again`, async ({ page, problems }) => {
    await enter(page, ANNA, LIST);
    await select(page, ['Microsoft 365 A3 for faculty', 'Visio Plan 2']);
    problems.expectOffline();
    await page.route('**/partnersOfRecord/plan', (route) => route.abort('failed'), { times: 1 });
    await page.getByRole('button', { name: `${verb} partner of record` }).click();
    const dialog = page.getByRole('dialog');
    if (names) {
      await dialog.getByLabel('Microsoft Partner ID').fill(QUILLON);
      await dialog.getByRole('button', { name: 'Check ID' }).click();
      await expectVisible(dialog.getByText('This ID belongs to Quillon Advisory.'));
    }
    await expectText(dialog.getByRole('alert'), /The server can't be reached/);
    problems.expectOffline(false);
    const confirm = dialog.getByRole('button', { name: `${verb} partner of record` });
    assert.match(await reasonOf(page, confirm), /Retry: it isn't known yet what will change/);
    await assertAccessible(page);
    await dialog.getByRole('button', { name: 'Retry' }).click();
    await expectVisible(dialog.getByText(/subscriptions? will change\./));
    await expectHidden(dialog.getByRole('alert'));
    await confirm.click();
    await expectVisible(page.getByText(/^The partner of record of \d subscriptions? was changed/).first());
  });
}

journey('in 21Vianet a partner of record is changed in bulk, and never added', async ({ page }) => {
  await enter(page, LI_NA, LIST);
  await page.getByRole('checkbox', { name: /Select all/ }).check();
  await page.getByRole('button', { name: 'Set partner of record' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Microsoft Partner ID').fill('2719390');
  await dialog.getByRole('button', { name: 'Check ID' }).click();
  await expectText(dialog.getByRole('alert'), /Exchange Online 计划 1/);
  await dialog.getByRole('button', { name: 'Leave these out' }).click();
  await expectVisible(dialog.getByText('1 subscription will change.'));
});

journey('a Global reader sees the list, and why nothing can be changed', async ({ page }) => {
  await enter(page, CARLA, LIST);
  await select(page, ['Power BI Pro']);
  for (const name of ['Set partner of record', 'Remove partner of record']) {
    const button = page.getByRole('button', { name });
    assert.equal(await button.getAttribute('aria-disabled'), 'true', name);
    assert.match(await reasonOf(page, button), /Billing administrator/);
  }
  await assertAccessible(page);
  await page.getByRole('link', { name: 'Import' }).click();
  await expectText(heading(page), 'Import partners of record');
  const choose = page.getByRole('button', { name: 'Choose a file' });
  assert.match(await reasonOf(page, choose), /Billing administrator/);
  await assertAccessible(page);
});

/** Selects a file with this content. */
async function upload(page, text, name = 'partners.csv') {
  await page.locator('input[type=file]').setInputFiles({
    name,
    mimeType: 'text/csv',
    buffer: Buffer.isBuffer(text) ? text : Buffer.from(text),
  });
}

journey('export, change in a spreadsheet, import', async ({ page, server }) => {
  await enter(page, ANNA, `${LIST}?partner=none`);
  await expectVisible(rowOf(page, 'Power BI Pro'));
  const waits = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export' }).click();
  const file = await readFile(await (await waits).path(), 'utf8');
  const [head, ...lines] = file.replace(/^\uFEFF/, '').trim().split(/\r?\n/);
  assert.match(head, /^"?subscriptionId"?[,;]/);
  const columns = head.split(',').map((cell) => cell.replaceAll('"', ''));
  const at = columns.indexOf('partnerId');
  const named = lines.map((line) => {
    const cells = line.match(/("([^"]|"")*"|[^,]*)(,|$)/g).map((cell) => cell.replace(/,$/, ''));
    if (line.includes('Power BI Pro')) cells[at] = OAKLINE;
    return cells.slice(0, columns.length).join(',');
  });

  await page.getByRole('link', { name: 'Import' }).click();
  await expectPath(page, IMPORT);
  await assertAccessible(page);
  await upload(page, [head, ...named].join('\r\n'));
  await expectVisible(page.getByRole('main').getByText('1 subscription will change.'));
  await expectText(page.getByRole('row', { name: 'Power BI Pro' }), /Oakline IT 6120984/);
  await assertAccessible(page);
  await page.getByRole('button', { name: 'Apply changes' }).click();
  await expectVisible(page.getByRole('main').getByText('The partner of record of 1 subscription was changed.'));
  await assertAccessible(page);
  await page.getByRole('link', { name: 'See the subscriptions' }).click();
  await expectText(rowOf(page, 'Power BI Pro'), /Oakline IT 6120984/);
  const after = await subscriptions(await Api.of(server, ANNA));
  assert.equal(after['Power BI Pro'].partnerOfRecord.partnerId, OAKLINE);
});

journey('10,000 lines with every kind of error: a complete report, and no change', async ({ page, server }) => {
  const api = await Api.of(server, ANNA);
  const before = await subscriptions(api);
  const id = (product) => before[product].id;
  const wrong = [
    [',6120984', 'No subscription is named here.'],
    ['telephones,6120984', "This isn't the ID of a subscription."],
    ['0190f3a1-0000-7000-8000-000000000001,6120984', 'no subscription'],
    [`${id('Project Plan 3')},6120984`, 'has ended'],
    [`${id('Exchange Online (Plan 1)')},12a4`, 'A Partner ID has digits only.'],
    [`${id('Power BI Pro')},0123`, "A Partner ID doesn't begin with 0."],
    [`${id('Visio Plan 2')},12345678901`, 'Use at most 10 characters.'],
    [`${id('Teams Phone Standard')},0190f3a1-0000-7000-8000-000000000001`, 'This is a tenant ID.'],
    [`${id('Microsoft 365 Business Basic')},9999999`, 'No partner has this'],
    [`${id('Microsoft 365 A3 for faculty')},${MERIDIAN_COMPANY}`, 'location'],
    [`${id('Microsoft 365 Business Premium')},${HAIYUN}`, 'cloud'],
    ['"telephones,6120984', 'A quotation mark is opened here'],
  ];
  // More unknown IDs than the daily limit.
  const unknown = Array.from({ length: 210 }, (_, at) => `telephones,${88_000_000 + at}`);
  wrong.push([unknown[0], 'looked up 200 different Partner IDs']);
  const good = `${id('Power BI Premium Per User')},${OAKLINE}`;
  const lines = ['subscriptionId,partnerId', good, ...wrong.map(([line]) => line), ...unknown.slice(1)];
  while (lines.length < 10_001) lines.push(good);
  await enter(page, ANNA, IMPORT);
  await upload(page, lines.join('\n'));
  await expectVisible(page.getByRole('main').getByText('9,999 lines are wrong.'));
  await expectVisible(page.getByText('Nothing is changed while a line is wrong.'));
  const apply = page.getByRole('button', { name: 'Apply changes' });
  assert.match(await reasonOf(page, apply), /Correct 9,999 lines/);
  const totals = page.getByRole('list').filter({ hasText: /9,7\d\d/ });
  for (const [, text] of wrong) await expectVisible(totals.getByText(text).first());
  const table = page.getByRole('table', { name: 'Lines that are wrong' });
  await eventually(async () => assert.equal(await table.getByRole('rowheader').count(), 100));
  await assertAccessible(page);
  await page.getByRole('button', { name: 'Show 100 more' }).click();
  await eventually(async () => assert.equal(await table.getByRole('rowheader').count(), 200));
  await expectVisible(page.getByText("Your organization can't look up more new Partner IDs today"));
  const waits = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download report' }).click();
  const download = await waits;
  assert.match(download.suggestedFilename(), /\.csv$/);
  const report = (await readFile(await download.path(), 'utf8')).replace(/^\uFEFF/, '').trim().split('\r\n');
  assert.equal(report[0], 'line;subscriptionId;partnerId;reason');
  assert.equal(new Set(report.slice(1).map((line) => line.split(';')[0])).size, 9999);
  assert.ok(report.includes(`7;"${id('Exchange Online (Plan 1)')}";"12a4";"A Partner ID has digits only."`));
  await page.getByRole('combobox', { name: 'Show only' }).selectOption({ label: 'A Partner ID has digits only.' });
  await eventually(async () => assert.equal(await table.getByRole('rowheader').count(), 1));
  await expectText(table.getByRole('rowheader'), '7');
  assert.deepEqual(await subscriptions(api), before);
});

journey('an unreadable file gets an explanation', async ({ page }) => {
  await enter(page, ANNA, IMPORT);
  for (const [file, text] of [
    ['a,b\n1,2', 'The first line of the file must name the column subscriptionId.'],
    ['subscriptionId\n1', 'The first line of the file must name the column partnerId.'],
    ['', 'There is no line in this file.'],
    [Buffer.from([0x73, 0xff, 0xfe, 0x0a]), /UTF-8/],
    [Buffer.alloc(2 * 1024 * 1024 + 1, 0x20), 'The file is larger than 2 MB.'],
    [`subscriptionId,partnerId\n${'1,2\n'.repeat(10_001)}`, 'The file has more than 10,000 lines.'],
  ]) {
    await upload(page, file);
    await expectVisible(page.getByRole('alert').getByText(text));
  }
  await assertAccessible(page);
});

journey('a file with only its heading has no line', async ({ page }) => {
  await enter(page, ANNA, IMPORT);
  await upload(page, 'subscriptionId,partnerId\n');
  const main = page.getByRole('main');
  await expectVisible(main.getByText('There is no line in this file.').first());
  assert.match(await reasonOf(page, page.getByRole('button', { name: 'Apply changes' })), /There is no line/);
  await expectHidden(main.getByText('Nothing will change'));
});

journey('the errors of a file follow the current language', async ({ page }) => {
  await enter(page, ANNA, IMPORT);
  await upload(page, Buffer.alloc(2 * 1024 * 1024 + 1, 0x20));
  await expectVisible(page.getByRole('alert').getByText('The file is larger than 2 MB.'));
  await page.getByRole('button', { name: 'Language' }).click();
  await page.getByRole('button', { name: 'Nederlands' }).click();
  await expectVisible(page.getByRole('alert').getByText('Het bestand is groter dan 2 MB.'));
});

journey('an import is shown again after a change by another administrator', async ({ page, server }) => {
  const ben = await Api.of(server, BEN);
  const power = (await subscriptions(ben))['Power BI Pro'];
  await enter(page, ANNA, IMPORT);
  await upload(page, `subscriptionId,partnerId\n${power.id},${OAKLINE}\n`);
  await expectVisible(page.getByRole('main').getByText('1 subscription will change.'));
  await ben.send('PUT', `/api/subscriptions/${power.id}/partnerOfRecord`, { partnerId: QUILLON }, power['@odata.etag']);
  await page.getByRole('button', { name: 'Apply changes' }).click();
  await expectVisible(page.getByText('Somebody else changed this in the meantime.'));
  await expectText(page.getByRole('row', { name: 'Power BI Pro' }), /Quillon Advisory 7730251 .*Oakline IT 6120984/);
  await page.getByRole('button', { name: 'Apply changes' }).click();
  await expectVisible(page.getByRole('main').getByText('The partner of record of 1 subscription was changed.'));
});

/** Returns the pending invitation with an offer to the customer in 21Vianet's cloud. */
async function waiting(server) {
  const { value } = await (await Api.of(server, LI_NA)).get('/api/invitations');
  return value.find(({ status, offer }) => status === 'sent' && offer);
}

for (const [locale, label] of [
  ['en-US', { yes: 'Yes', next: 'Next', agreement: 'Microsoft Customer Agreement', close: 'Close', accept: 'Accept & Authorize', title: 'Create your trial', create: 'Create trial', trial: /Trial 25/ , list: 'Subscriptions' }],
  ['nl-NL', { yes: 'Ja', next: 'Volgende', agreement: 'Microsoft-klantovereenkomst', close: 'Sluiten', accept: 'Accepteren & autoriseren', title: 'Uw proefabonnement maken', create: 'Proefabonnement maken', trial: /25/, list: 'Abonnementen' }],
]) {
  journey(`in 21Vianet, ${locale}: Yes, Next, the agreement, and the trial with its partner of record`, { locale }, async ({ page, server }) => {
    const invitation = await waiting(server);
    await enter(page, LI_NA, `/partner-invitation/${invitation.id}`);
    await page.getByRole('radio', { name: label.yes }).check();
    await page.getByRole('button', { name: label.next }).click();
    await page.getByRole('button', { name: label.agreement }).click();
    await page.getByRole('dialog').getByRole('button', { name: label.close }).first().click();
    await page.getByRole('checkbox').check();
    await page.getByRole('button', { name: label.accept }).click();
    await expectText(heading(page), label.title);
    await expectFocus(heading(page));
    await assertAccessible(page);
    // A double click creates one subscription.
    await page.getByRole('button', { name: label.create }).dblclick();
    await page.waitForURL(/\/billing\/subscriptions\/.+/);
    await expectText(heading(page), new RegExp(invitation.offer.product.replaceAll(' ', '.')));
    await page.getByRole('navigation').getByRole('link', { name: label.list }).first().click();
    const row = rowOf(page, invitation.offer.product);
    await expectText(row, label.trial);
    await expectText(row, new RegExp(`${invitation.partner.name} ${invitation.partner.partnerId}`));
    const api = await Api.of(server, LI_NA);
    const { value } = await api.get('/api/subscriptions');
    assert.equal(value.filter(({ offerOf }) => offerOf === invitation.id).length, 1);
    assert.equal((await logged(api, 'subscriptionCreated')).filter(({ target }) => target.name === invitation.offer.product).length, 1);
  });
}

journey('a pending offer is created from Home and from the partner\'s page', async ({ page }) => {
  await enter(page, LI_NA);
  const offers = page.getByRole('region').or(page.locator('section')).filter({ has: page.getByRole('heading', { name: /Offers waiting/ }) });
  await assertAccessible(page);
  await offers.getByRole('link', { name: /^Create/ }).first().click();
  const create = page.getByRole('button', { name: 'Create subscription' });
  await expectVisible(create);
  await expectVisible(page.getByText(/becomes its partner of record/));
  await assertAccessible(page);
  await create.click();
  await page.waitForURL(/\/billing\/subscriptions\/.+/);
  await page.goBack();
  await expectVisible(page.getByRole('heading', { name: 'Subscriptions with this partner of record' }));
  await expectHidden(page.getByRole('button', { name: 'Create subscription' }));
  await page.goto('/');
  await expectVisible(page.getByRole('heading', { name: /Invitations waiting|Waiting/ }).first());
  await expectHidden(page.getByRole('heading', { name: /Offers waiting/ }));
});

journey("a partner's page lists the subscriptions that it is the partner of record of", async ({ page }) => {
  await enter(page, ANNA, '/settings/partner-relationships');
  await page.getByRole('link', { name: 'Oakline IT' }).click();
  const card = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Subscriptions with this partner of record' }) });
  await expectVisible(card.getByRole('link', { name: 'Microsoft 365 A3 for faculty' }));
  await assertAccessible(page);
  await card.getByRole('link', { name: 'See them in the list' }).click();
  await expectNames(page, ['Microsoft 365 A3 for faculty']);
});

journey('a reseller sees the subscriptions that it sold, and why it cannot order without the agreement', async ({ page, visitor }) => {
  await enter(page, KIM, '/customers');
  await page.getByRole('rowheader').getByRole('link', { name: 'Brightwater' }).click();
  const card = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Subscriptions', exact: true }) });
  await expectVisible(card.getByRole('link', { name: 'Teams Phone Standard' }));
  await assertAccessible(page);
  await card.getByRole('button', { name: 'Order for this customer' }).click();
  await expectPath(page, /^\/customers\/.+\/purchase$/);

  const { page: mara } = await visitor();
  await enter(mara, MARA, '/customers');
  await mara.getByRole('rowheader').getByRole('link', { name: /Lindenhof/ }).click();
  const order = mara.getByRole('button', { name: 'Order for this customer' });
  assert.equal(await order.getAttribute('aria-disabled'), 'true');
  assert.match(await reasonOf(mara, order), /Microsoft Customer Agreement/);
  await expectVisible(mara.getByRole('link', { name: /\/agreement/ }));
  await assertAccessible(mara);
});

journey('the billing account shows its currency', async ({ page }) => {
  await enter(page, GRACE, '/billing/accounts');
  await expectVisible(page.getByText('Euro', { exact: true }));
  await assertAccessible(page);
});

journey('a partner does not get the pages of a customer', async ({ page }) => {
  await enter(page, MARA, LIST);
  await expectVisible(page.getByText('This page is for an organization that works with partners'));
  await assertAccessible(page);
});

journey('the server cannot be reached, and then it can', async ({ page, server, problems }) => {
  await enter(page, DAAN, LIST);
  await expectVisible(rowOf(page, 'Visio Plan 2'));
  problems.expectOffline();
  await server.kill();
  await page.getByRole('button', { name: 'Refresh' }).click();
  await expectVisible(page.getByText("The server can't be reached.").first());
  await server.start();
  problems.expectOffline(false);
  await page.getByRole('button', { name: 'Retry' }).first().click();
  await expectVisible(rowOf(page, 'Visio Plan 2'));
});
