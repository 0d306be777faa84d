// Journeys with the keyboard only; the main job is in main-job.test.mjs.

import assert from 'node:assert/strict';

import { eventually, expectFocus, expectHidden, expectPath, expectText, expectVisible, tabTo } from './support/browser.mjs';
import { journey } from './support/journey.mjs';
import { ANNA, EVA, PASSWORD, linkPath } from './support/people.mjs';

/** Signs in without a mouse. */
async function enter(page, email, path) {
  await page.goto(path);
  await tabTo(page, 'textbox', /^Email/);
  await page.keyboard.type(email);
  await tabTo(page, 'textbox', /^Password/);
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await expectHidden(page.getByRole('button', { name: 'Sign in', exact: true }));
}

journey('canceling an invitation, with a reason', async ({ page, server }) => {
  await enter(page, ANNA, await linkPath(server, 'Meridian Cloud Services'));
  const opener = await tabTo(page, 'button', 'Cancel the invitation');
  await page.keyboard.press('Enter');
  const title = page.getByRole('heading', { name: 'Cancel this invitation?' });
  await expectFocus(title);
  await page.keyboard.press('Escape');
  await expectFocus(opener);
  await page.keyboard.press('Enter');
  await expectFocus(title);
  await tabTo(page, 'textbox', /^Reason/);
  await page.keyboard.type('We order, but do not delegate.');
  const confirm = page.getByRole('alertdialog').or(page.getByRole('dialog')).getByRole('button', { name: 'Cancel the invitation' });
  for (let press = 0; press < 5 && !(await confirm.evaluate((button) => button === document.activeElement)); press += 1) {
    await page.keyboard.press('Tab');
  }
  await expectFocus(confirm);
  await page.keyboard.press('Enter');
  await expectVisible(page.getByText('This invitation was canceled by your organization'));
  await expectVisible(page.getByText('We order, but do not delegate.'));
  // The opened element is gone: the focus is at a place from which Tab leads on.
  await expectFocus(page.getByRole('heading', { level: 1 }));
});

journey('the agreement alone', async ({ page }) => {
  await enter(page, EVA, '/billing/accounts/agreement');
  const opener = await tabTo(page, 'button', 'Microsoft Customer Agreement');
  await page.keyboard.press('Enter');
  await expectVisible(page.getByText('This text is a sample'));
  await page.keyboard.press('Escape');
  await expectFocus(opener);
  await tabTo(page, 'checkbox', /I have read/);
  await page.keyboard.press('Space');
  await tabTo(page, 'button', 'Accept');
  await page.keyboard.press('Enter');
  await expectFocus(page.getByRole('heading', { level: 1, name: 'Partner relationships' }));
});

journey('searching, filtering and sorting the partners', async ({ page }) => {
  await enter(page, ANNA, '/settings/partner-relationships');
  const names = () => page.getByRole('table', { name: 'Partner relationships' }).getByRole('rowheader').getByRole('link').allInnerTexts();
  await tabTo(page, 'searchbox', /.*/);
  await page.keyboard.type('advisory');
  await eventually(async () => assert.deepEqual(await names(), ['Quillon Advisory']));
  for (let press = 0; press < 'advisory'.length; press += 1) await page.keyboard.press('Backspace');
  await eventually(async () => assert.equal((await names()).length, 8));
  await tabTo(page, 'combobox', 'Type');
  await page.keyboard.type('Advisor');
  await page.keyboard.press('Enter');
  await eventually(async () => assert.deepEqual(await names(), ['Fernhill Support', 'Quillon Advisory']));
  await tabTo(page, 'button', /Since/);
  await page.keyboard.press('Enter');
  await expectPath(page, /sort=since/);
  await expectFocus(page.getByRole('button', { name: /Since/ }));
  await page.keyboard.press('Enter');
  await eventually(async () => assert.deepEqual(await names(), ['Quillon Advisory', 'Fernhill Support']));
});

journey('the language, signing out and signing in again', async ({ page }) => {
  await enter(page, ANNA, '/activity');
  await tabTo(page, 'button', 'Language', { back: true });
  await page.keyboard.press('Enter');
  await tabTo(page, 'button', 'Nederlands');
  await page.keyboard.press('Enter');
  await expectText(page.getByRole('heading', { level: 1 }), 'Activiteit');
  await tabTo(page, 'button', 'Account');
  await page.keyboard.press('Enter');
  await tabTo(page, 'button', 'Afmelden');
  await page.keyboard.press('Enter');
  await expectVisible(page.getByRole('button', { name: 'Aanmelden', exact: true }));
  await tabTo(page, 'button', /Anna de Vries/);
  await page.keyboard.press('Enter');
  await expectText(page.getByRole('heading', { level: 1 }), 'Activiteit');
});
