// The list of partners, and each partner's page.

import assert from 'node:assert/strict';

import { assertAccessible, eventually, expectFocus, expectHidden, expectPath, expectText, expectVisible, tabTo } from './support/browser.mjs';
import { journey } from './support/journey.mjs';
import { ANNA, BEN, CARLA, DAAN, EVA, GRACE, Api, enter } from './support/people.mjs';

const LIST = '/settings/partner-relationships';

/** Returns the names in the list, from the top. */
function names(page) {
  const table = page.getByRole('table', { name: 'Partner relationships' });
  return table.getByRole('rowheader').getByRole('link').allInnerTexts();
}

async function expectNames(page, expected) {
  await eventually(async () => assert.deepEqual(await names(page), expected));
}

for (const [who, partner, type, reason, next] of [
  [ANNA, 'Kestrel Licensing', 'Reseller', "You can't remove a reseller relationship yourself", 'Ask your reseller'],
  [EVA, 'Meridian Cloud Services', 'Reseller & delegated administrator', "You can't remove a reseller relationship yourself", 'Ask your reseller'],
  [ANNA, 'Saltmarsh Consulting', 'Partner', 'can only be ended by the partner', 'Contact your partner'],
  [ANNA, 'Tidewater Procurement', 'MPSA partner', 'can only be ended by the partner', 'Contact your partner'],
  [ANNA, 'Pinnacle Devices', 'OEM PC partner', 'can only be ended by the partner', 'Contact your partner'],
  [ANNA, 'Lumen App Studio', 'Line-of-business (LOB) partner', 'can only be ended by the partner', 'Contact your partner'],
]) {
  journey(`a ${type} cannot be deleted, and the page says why and what to do`, async ({ page }) => {
    await enter(page, who, LIST);
    await page.getByRole('rowheader').getByRole('link', { name: partner }).click();
    await expectText(page.getByRole('heading', { level: 1 }), new RegExp(partner));
    const button = page.getByRole('button', { name: 'Delete partner' });
    assert.equal(await button.getAttribute('aria-disabled'), 'true');
    const described = await button.getAttribute('aria-describedby');
    const text = await page.locator(`[id="${described}"]`).innerText();
    assert.ok(text.includes(reason) && text.includes(next), text);
    // The keyboard still reaches it, and pressing it does nothing.
    await tabTo(page, 'button', 'Delete partner');
    await page.keyboard.press('Enter');
    assert.equal(await page.getByRole('alertdialog').count(), 0);
    await expectVisible(page.getByRole('link', { name: `Email ${partner}` }));
    await assertAccessible(page);
  });
}

journey('a delegated administrator without roles stays listed', async ({ page }) => {
  await enter(page, ANNA, LIST);
  await page.getByRole('link', { name: 'Oakline IT' }).click();
  await page.getByRole('button', { name: 'Remove admin roles' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove admin roles' }).click();
  await expectVisible(page.getByText('Admin roles were removed from Oakline IT.'));
  const button = page.getByRole('button', { name: 'Remove admin roles' });
  await eventually(async () => assert.equal(await button.getAttribute('aria-disabled'), 'true'));
  await expectVisible(page.getByText('This partner holds no admin roles.').first());
  await page.goto(LIST);
  await expectText(page.getByRole('row', { name: /Oakline IT/ }), /Delegated administrator/);
});

for (const who of [BEN, CARLA]) {
  journey(`${who} sees everything and can change nothing`, async ({ page }) => {
    await enter(page, who, LIST);
    await page.getByRole('link', { name: 'Oakline IT' }).click();
    for (const name of ['Remove admin roles', 'Delete partner']) {
      const button = page.getByRole('button', { name });
      await expectVisible(button);
      assert.equal(await button.getAttribute('aria-disabled'), 'true', name);
    }
    await expectVisible(page.getByText('Only a Global administrator can do this.').first());
    await assertAccessible(page);
  });
}

journey('search, filters, sorting and the open partner live in the address', async ({ page }) => {
  await enter(page, ANNA, LIST);
  await expectVisible(page.getByRole('rowheader', { name: /Oakline IT/ }));
  const search = page.getByRole('searchbox');
  await search.fill('oak');
  await expectNames(page, ['Oakline IT']);
  await expectFocus(search);
  await expectPath(page, /search=oak/);
  await page.reload();
  await expectNames(page, ['Oakline IT']);
  assert.equal(await search.inputValue(), 'oak');
  await search.fill('no such partner');
  await expectVisible(page.getByText('Nothing matches your search'));
  await assertAccessible(page);
  await page.getByRole('button', { name: 'Clear search and filters' }).click();
  await expectVisible(page.getByRole('rowheader', { name: /Oakline IT/ }));

  await page.getByRole('combobox', { name: 'Type' }).selectOption({ label: 'Advisor' });
  await expectNames(page, ['Fernhill Support', 'Quillon Advisory']);
  await page.getByRole('combobox', { name: 'Status' }).selectOption({ label: 'Ended' });
  await expectNames(page, ['Meridian Cloud Services']);
  await page.goBack();
  await expectNames(page, ['Fernhill Support', 'Quillon Advisory']);
  await page.goto(LIST);
  await page.getByRole('button', { name: /Since/ }).click();
  await expectPath(page, /sort=since/);
  await eventually(async () => assert.equal((await names(page))[0], 'Saltmarsh Consulting'));
  assert.equal(await page.getByRole('columnheader', { name: /Since/ }).getAttribute('aria-sort'), 'ascending');
  await page.getByRole('button', { name: /Since/ }).click();
  await eventually(async () => assert.equal((await names(page))[0], 'Quillon Advisory'));
  await page.getByRole('link', { name: 'Quillon Advisory', exact: true }).click();
  await page.goBack();
  await eventually(async () => assert.equal((await names(page))[0], 'Quillon Advisory'));
  await expectPath(page, /sort=since/);
});

journey('the billing accounts have the same list as a tab', async ({ page }) => {
  await enter(page, ANNA, '/billing/accounts');
  await expectText(page.getByRole('heading', { level: 1 }), 'Billing accounts');
  await assertAccessible(page);
  await page.getByRole('main').getByRole('link', { name: 'Partner relationships' }).click();
  await page.getByRole('link', { name: 'Oakline IT' }).click();
  await expectPath(page, /^\/billing\/accounts\/partner-relationships\/.+/);
  await expectText(page.getByRole('heading', { level: 1 }), /Oakline IT/);
});

journey('no partner, no result, a failure and loading look different', async ({ page, server, problems }) => {
  await enter(page, GRACE, LIST);
  await expectVisible(page.getByText("There's nothing here."));
  await assertAccessible(page);
  problems.expectOffline();
  await server.kill();
  await page.getByRole('button', { name: 'Refresh' }).click();
  await expectVisible(page.getByText("The server can't be reached.").first());
  await assertAccessible(page);
  await server.start();
  problems.expectOffline(false);
  await page.getByRole('button', { name: 'Retry' }).first().click();
  await expectVisible(page.getByText("There's nothing here."));
});

journey('another administrator was faster: nothing is lost, and the page shows the current state', async ({ page, server }) => {
  await enter(page, ANNA, LIST);
  await page.getByRole('link', { name: 'Fernhill Support' }).click();
  await page.getByRole('button', { name: 'Delete partner' }).click();
  const daan = await Api.of(server, DAAN);
  const fernhill = await daan.relationship('Fernhill Support');
  await daan.send('POST', `/api/relationships/${fernhill.id}/removeAdminRoles`, {}, fernhill['@odata.etag']);
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete partner' }).click();
  await expectVisible(page.getByText('Somebody else changed this in the meantime.').first());
  await expectVisible(page.getByText('Fernhill Support holds no admin roles.').first());
});

journey('a partner of another organization is not found', async ({ page, server }) => {
  const oakline = await (await Api.of(server, ANNA)).relationship('Oakline IT');
  await enter(page, GRACE, `${LIST}/${oakline.id}`);
  await expectVisible(page.getByText("We couldn't find this partner").first());
  await assertAccessible(page);
  await expectHidden(page.getByText('Oakline IT'));
});

journey('the agreement is accepted without an invitation', async ({ page }) => {
  await enter(page, EVA, '/billing/accounts/agreement');
  await expectText(page.getByRole('heading', { level: 1 }), 'Accept agreement');
  await assertAccessible(page);
  const opener = page.getByRole('button', { name: 'Microsoft Customer Agreement' });
  if (await opener.count()) {
    await opener.first().click();
    await expectVisible(page.getByText('This text is a sample'));
    if (await page.getByRole('dialog').isVisible()) await page.keyboard.press('Escape');
  }
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Accept', exact: true }).click();
  await expectText(page.getByRole('heading', { level: 1 }), 'Partner relationships');
  await expectText(page.getByRole('row', { name: /Meridian Cloud Services/ }), /Accepted/);
  await page.goto('/billing/accounts/agreement');
  await expectVisible(page.getByText('Your organization has accepted the agreement').first());
  await assertAccessible(page);
});
