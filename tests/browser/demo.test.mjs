// The demo: the page without a server, as `trunk serve` and any static host show it.
// `cargo xtask test` builds it before; DEMO_PAGE is the path to it.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  assertAccessible,
  eventually,
  expectHidden,
  expectPath,
  expectText,
  expectVisible,
  signIn,
} from './support/browser.mjs';
import { journey } from './support/journey.mjs';
import { ANNA, EVA, MARA, PASSWORD } from './support/people.mjs';
import { root } from './support/server.mjs';
import { serveFolder } from './support/static-site.mjs';

const MERIDIAN = 'Meridian Cloud Services';
/** Meridian's Partner ID in Munich; it may be the partner of record worldwide and in Germany. */
const MUNICH = '4391511';
const LI_NA = 'li.na@jaderiver.example';
const STATES = { ready: '0', empty: '1', loading: '2', error: '3', refused: '4' };

/** Serves the page that was built. */
function start() {
  const folder = process.env.DEMO_PAGE ?? join(root, 'target/test-demo');
  if (!existsSync(join(folder, 'index.html'))) {
    throw new Error(
      `There is no page in ${folder}. \`cargo xtask test --only browser\` builds it; ` +
        'DEMO_PAGE takes the path of another.',
    );
  }
  return serveFolder(folder);
}

/** Declares a test of the demo, in which no request may go to an API. */
function demo(name, options, story) {
  if (typeof options === 'function') return demo(name, {}, options);
  return journey(name, { start, ...options }, async (world) => {
    const asked = [];
    world.page.context().on('request', (request) => asked.push(new URL(request.url()).pathname));
    await story(world);
    const api = asked.filter((path) => path.startsWith('/api'));
    assert.deepEqual(api, [], 'nothing is asked of a server');
  });
}

/** The controls of the demo's bar. */
function barOf(page) {
  const bar = page.getByRole('complementary', { name: 'Demo' });
  return {
    person: bar.getByLabel('Person'),
    page: bar.getByLabel('Page'),
    state: bar.getByLabel('State'),
    again: bar.getByRole('button', { name: 'Start again' }),
  };
}

/** Waits until nothing is being fetched: until then the content is paler. */
async function settled(page) {
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
  await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)));
}

const title = (page) => page.getByRole('heading', { level: 1 });
const navigation = (page) => page.getByRole('navigation', { name: 'Navigation' });

demo('the main job can be done, and begun again', async ({ page }) => {
  await page.goto('/');
  const bar = barOf(page);
  await expectText(title(page), 'Home');
  await assertAccessible(page);
  await page.getByRole('link', { name: `Review the invitation from ${MERIDIAN}` }).click();

  await expectText(title(page), /Accept agreement & authorize partner/);
  const accept = page.getByRole('button', { name: 'Accept & Authorize' });
  assert.equal(await accept.getAttribute('aria-disabled'), 'true', 'not before the box is ticked');
  await page.getByRole('button', { name: 'Microsoft Customer Agreement' }).first().click();
  await expectVisible(page.getByText('This text is a sample'));
  if (await page.getByRole('dialog').isVisible()) await page.keyboard.press('Escape');
  await page.getByRole('checkbox', { name: /I have read/ }).check();
  await accept.click();

  await expectPath(page, '/settings/partner-relationships');
  const row = page.getByRole('row', { name: /Meridian.*Reseller & delegated administrator/ });
  await row.getByRole('link', { name: MERIDIAN }).click();
  await page.getByRole('button', { name: 'Remove admin roles' }).click();
  const removal = page.getByRole('dialog', { name: /Remove admin roles from/ });
  await removal.getByRole('button', { name: 'Remove admin roles' }).click();
  await expectVisible(page.getByText(`Admin roles were removed from ${MERIDIAN}.`));
  await assertAccessible(page);

  // After a reload, as `trunk serve` does one after each change, the state is the same.
  await page.reload();
  await expectText(title(page), new RegExp(MERIDIAN));
  await expectVisible(page.getByText(`${MERIDIAN} holds no admin roles.`).first());

  await navigation(page).getByRole('link', { name: 'Partner relationships' }).click();
  await page.getByRole('link', { name: 'Oakline IT' }).click();
  await page.getByRole('button', { name: 'Delete partner' }).click();
  const question = page.getByRole('alertdialog', { name: 'Delete Oakline IT?' });
  await question.getByRole('button', { name: 'Delete partner' }).click();
  await expectPath(page, '/settings/partner-relationships');
  await expectVisible(page.getByText('Oakline IT was deleted.'));
  await expectHidden(page.getByRole('link', { name: 'Oakline IT' }));

  await bar.again.click();
  await expectText(title(page), 'Home');
  await expectVisible(page.getByRole('link', { name: `Review the invitation from ${MERIDIAN}` }));
  await navigation(page).getByRole('link', { name: 'Partner relationships' }).click();
  await expectVisible(page.getByRole('link', { name: 'Oakline IT' }));
});

demo('a mail in the outbox leads to its invitation, past the sign-in page', async ({ page }) => {
  await page.goto('/outbox');
  const bar = barOf(page);
  await bar.person.selectOption('');
  await page.getByRole('link', { name: new RegExp(MERIDIAN) }).first().click();
  // This reloads the page, and the link still works.
  await page.getByRole('link', { name: /partner-invitation#/ }).click();
  await expectVisible(page.getByText('Sign in to see the invitation'));
  await page.getByLabel(/^E-?mail/i).fill(ANNA);
  await page.getByRole('textbox', { name: /^Password/ }).fill('not it');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expectVisible(page.getByText("The email address and the password don't belong together.").first());
  await signIn(page, ANNA, PASSWORD);
  await expectText(title(page), /Accept agreement & authorize partner/);
  await expectVisible(page.getByText('4391507'));
  await eventually(async () => assert.equal(await bar.person.inputValue(), ANNA));
});

demo('the person is switched, and the cloud with it', async ({ page }) => {
  await page.goto('/');
  const bar = barOf(page);
  const header = page.getByRole('banner');
  await expectVisible(header.getByText('Worldwide'));
  await bar.person.selectOption(EVA);
  await expectVisible(header.getByText('Germany'));
  await expectVisible(page.getByText('Hello Eva Brandt.', { exact: false }));
  await bar.person.selectOption(LI_NA);
  await expectVisible(header.getByText('21Vianet'));
  await assertAccessible(page);
  await bar.person.selectOption(MARA);
  await expectVisible(header.getByText(MERIDIAN).first());
  await expectVisible(navigation(page).getByRole('link', { name: 'Enquiries' }));
  // After a reload the same person is signed in.
  await page.reload();
  await expectVisible(header.getByText(MERIDIAN).first());
  await bar.person.selectOption('');
  await expectVisible(page.getByRole('button', { name: 'Sign in', exact: true }));
  await assertAccessible(page);
  await page.getByRole('button', { name: /Anna de Vries/ }).click();
  await expectVisible(page.getByText('Hello Anna de Vries.', { exact: false }));
});

demo('what one person does, the other sees', async ({ page }) => {
  await page.goto('/');
  const bar = barOf(page);
  await page.getByRole('link', { name: `Review the invitation from ${MERIDIAN}` }).click();
  await page.getByRole('button', { name: 'Cancel the invitation' }).click();
  const question = page.getByRole('dialog').or(page.getByRole('alertdialog'));
  await question.getByLabel(/Reason/).fill('We order elsewhere.');
  await question.getByRole('button', { name: 'Cancel the invitation' }).click();
  await expectVisible(page.getByText('This invitation was canceled by your organization'));
  await bar.person.selectOption(MARA);
  await expectVisible(page.getByText('We order elsewhere.'));
});

for (const person of [ANNA, MARA]) {
  demo(`every page of ${person} is shown in every state`, async ({ page }) => {
    await page.goto('/');
    const bar = barOf(page);
    await expectText(title(page), 'Home');
    await bar.person.selectOption(person);
    // The list of pages follows the person.
    const own = person === MARA ? '/enquiries' : '/partners';
    await bar.page.locator(`option[value="${own}"]`).waitFor({ state: 'attached' });
    const places = () => bar.page.locator('option').evaluateAll((options) => options.map(({ value }) => value));
    for (const [state, value] of Object.entries(STATES)) {
      await bar.state.selectOption(value);
      const seen = new Set();
      // Opening an item may change the list: an enquiry that was read moves down.
      for (;;) {
        const place = (await places()).find((path) => !seen.has(path));
        if (place === undefined) break;
        seen.add(place);
        await bar.page.selectOption(place);
        await expectPath(page, place);
        await expectVisible(title(page).or(page.getByText('Loading', { exact: true })).first());
        const skeletons = page.getByText('Loading', { exact: true });
        if (state !== 'loading') await skeletons.first().waitFor({ state: 'detached' });
      }
      assert.ok(seen.size > 15, `${[...seen]}`);
    }
  });
}

demo('each state is what it says', async ({ page }) => {
  await page.goto('/settings/partner-relationships');
  const bar = barOf(page);
  await expectVisible(page.getByRole('link', { name: 'Oakline IT' }));
  await assertAccessible(page);
  await bar.state.selectOption(STATES.empty);
  await expectVisible(page.getByText("There's nothing here."));
  await settled(page);
  await assertAccessible(page);
  await bar.state.selectOption(STATES.loading);
  await expectVisible(page.getByText('Loading', { exact: true }).first());
  await expectHidden(page.getByText("There's nothing here."));
  await assertAccessible(page);
  await bar.state.selectOption(STATES.error);
  await expectVisible(page.getByRole('button', { name: 'Retry' }));
  await settled(page);
  await assertAccessible(page);
  await bar.state.selectOption(STATES.refused);
  await page.getByRole('link', { name: 'Oakline IT' }).click();
  const remove = page.getByRole('button', { name: 'Remove admin roles' });
  assert.equal(await remove.getAttribute('aria-disabled'), 'true');
  await assertAccessible(page);
  await bar.state.selectOption(STATES.ready);
  await eventually(async () => assert.notEqual(await remove.getAttribute('aria-disabled'), 'true'));
});

demo('the list is kept as a file', async ({ page }) => {
  await page.goto('/settings/partner-relationships?search=oakline');
  const bar = barOf(page);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: /Export/ }).click(),
  ]);
  assert.match(download.suggestedFilename(), /^partner-relationships-\d{4}-\d\d-\d\d\.csv$/);
  const text = await readFile(await download.path(), 'utf8');
  assert.match(text, /^\ufeffpartner,partnerId/);
  assert.ok(text.includes('oakline.example') && !text.includes('kestrel.example'), text);
  await expectPath(page, '/settings/partner-relationships?search=oakline');
  await bar.state.selectOption(STATES.error);
  await expectVisible(page.getByRole('button', { name: 'Retry' }));
  await page.getByRole('link', { name: /Export/ }).click();
  await expectVisible(page.getByRole('status').getByText(/server/));
});

demo('a product is bought with its partner of record, and a reload orders nothing again', async ({ page }) => {
  await page.goto('/');
  const bar = barOf(page);
  await navigation(page).getByRole('link', { name: 'Purchase services' }).click();
  await page.getByRole('link', { name: 'Buy' }).first().click();
  const next = page.getByRole('button', { name: 'Next' });
  await page.getByLabel('Licenses').fill('7');
  await next.click();
  const pane = page.getByRole('region', { name: 'Partner information' });
  await pane.getByRole('button', { name: 'Add' }).click();
  await pane.getByLabel('Microsoft Partner ID').fill(MUNICH);
  await pane.getByRole('button', { name: 'Check ID' }).click();
  await expectVisible(pane.getByText(`This ID belongs to ${MERIDIAN}.`));
  await pane.getByRole('button', { name: 'Add' }).click();
  await next.click();
  await page.getByRole('button', { name: 'Place order' }).click();
  await expectText(title(page), 'Your order is placed');
  await page.reload();
  await expectText(title(page), 'Your order is placed');
  await page.getByRole('link', { name: 'Go to the subscription' }).click();
  await page.getByRole('link', { name: 'Partner', exact: true }).click();
  await expectVisible(page.getByText(MUNICH, { exact: true }).first());
  await navigation(page).getByRole('link', { name: 'Products & services' }).click();
  await expectVisible(page.getByText('11 subscriptions', { exact: true }));
  await assertAccessible(page);

  // The partner is told, in the language of its administrator.
  await bar.person.selectOption(MARA);
  await navigation(page).getByRole('link', { name: 'Outbox' }).click();
  await expectVisible(page.getByRole('main').getByText(`Brightwater Schools heeft ${MERIDIAN} ingesteld als partner of record`).first());
});

demo('partners of record are set in bulk, and by a file', async ({ page }) => {
  await page.goto('/billing/subscriptions?partner=none');
  for (const product of ['Power BI Pro', 'Exchange Online (Plan 1)']) {
    await page.getByRole('checkbox', { name: `Select ${product}`, exact: true }).check();
  }
  await page.getByRole('button', { name: 'Set partner of record' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Microsoft Partner ID').fill(MUNICH);
  await dialog.getByRole('button', { name: 'Check ID' }).click();
  await expectVisible(dialog.getByText('2 subscriptions will change.'));
  await dialog.getByRole('button', { name: 'Set partner of record' }).click();
  await expectVisible(page.getByText('The partner of record of 2 subscriptions was changed.').first());

  // An exported file can be changed and imported.
  await page.goto(`/billing/subscriptions?partner=${MUNICH}`);
  await expectVisible(page.getByRole('link', { name: 'Power BI Pro' }));
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export' }).click(),
  ]);
  assert.match(download.suggestedFilename(), /^subscriptions-\d{4}-\d\d-\d\d\.csv$/);
  const file = await readFile(await download.path(), 'utf8');
  assert.equal(file.split(MUNICH).length, 3, file);
  await page.getByRole('link', { name: 'Import' }).click();
  const choose = (text) =>
    page.locator('input[type=file]').setInputFiles({
      name: 'partners.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(text),
    });
  await choose(file.replaceAll(MUNICH, '12a4'));
  await expectVisible(page.getByRole('main').getByText('2 lines are wrong.'));
  await choose(file.replaceAll(MUNICH, ''));
  await expectVisible(page.getByRole('main').getByText('2 subscriptions will change.'));
  await assertAccessible(page);
  await page.getByRole('button', { name: 'Apply changes' }).click();
  await expectVisible(page.getByRole('main').getByText('The partner of record of 2 subscriptions was changed.'));
  await page.getByRole('link', { name: 'See the subscriptions' }).click();
  await expectText(page.getByRole('row', { name: 'Power BI Pro' }), /Active/);
  await page.reload();
  await expectText(page.getByRole('row', { name: 'Power BI Pro' }), /Active/);
  await expectHidden(page.getByText(MUNICH));
});

demo('Germany and 21Vianet set the partner of record in their own ways', async ({ page }) => {
  await page.goto('/');
  const bar = barOf(page);
  await bar.person.selectOption(EVA);
  await navigation(page).getByRole('link', { name: 'Subscriptions' }).click();
  await page.getByRole('link', { name: 'Visio Online Plan 2' }).click();
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('button', { name: 'Add partner of record', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Partner information' });
  await dialog.getByLabel('Microsoft Partner ID').fill(MUNICH);
  await dialog.getByRole('button', { name: 'Check ID' }).click();
  await dialog.getByRole('button', { name: 'Submit' }).click();
  await expectHidden(dialog);
  await expectVisible(page.getByRole('button', { name: 'Edit partner of record' }));

  await bar.person.selectOption(LI_NA);
  await expectVisible(page.getByRole('banner').getByText('21Vianet'));
  await page.getByRole('link', { name: 'Home' }).first().click();
  await page.getByRole('link', { name: /^Create/ }).first().click();
  await expectVisible(page.getByText(/becomes its partner of record/));
  await page.getByRole('button', { name: 'Create subscription' }).click();
  await expectPath(page, /^\/billing\/subscriptions\/.+/);
  await expectVisible(page.getByRole('button', { name: 'Edit partner of record' }));
  await assertAccessible(page);
});

demo('a partner sees the preview of an invitation: the page and the mail', async ({ page }) => {
  await page.goto('/');
  const bar = barOf(page);
  await expectText(title(page), 'Home');
  await bar.person.selectOption(MARA);
  const preview = bar.page.locator('option[value$="/preview"]').first();
  await bar.page.selectOption(await preview.evaluate(({ value }) => value));
  const frames = page.locator('iframe');
  await eventually(async () => assert.equal(await frames.count(), 2));
  await expectVisible(frames.nth(0).contentFrame().getByRole('button', { name: 'Accept & Authorize' }));
  await expectVisible(frames.nth(1).contentFrame().getByText(MERIDIAN).first());
  assert.equal(await frames.nth(0).contentFrame().getByLabel('Person').count(), 0, 'no bar in a frame');
});

for (const [theme, width] of [['dark', 390], ['light', 320]]) {
  demo(`the bar is folded up in a narrow window: ${theme}, ${width} pixels`, { theme, width, locale: 'nl-NL' }, async ({ page }) => {
    await page.goto('/');
    await expectText(title(page), 'Start');
    const bar = page.getByRole('complementary', { name: 'Demo' });
    await expectHidden(bar.getByLabel('Persoon'));
    await bar.getByText('Demo met voorbeeldgegevens.').click();
    await expectVisible(bar.getByLabel('Persoon'));
    await assertAccessible(page);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(wide <= 0, `${wide} pixels wider than the window`);
  });
}

/** Returns a free port. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts `trunk serve` itself, with no server anywhere. */
async function trunkServe() {
  const port = await freePort();
  const dist = await mkdtemp(join(tmpdir(), 'accord-trunk-'));
  const child = spawn(
    process.env.TRUNK ?? 'trunk',
    ['serve', '--offline', 'true', '--port', String(port), '--dist', dist],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const site = { url: `http://127.0.0.1:${port}`, stderr: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text) => {
      site.stderr += text;
    });
  }
  const ended = new Promise((resolve) => {
    child.once('error', resolve);
    child.once('exit', resolve);
  });
  let over = false;
  ended.then(() => {
    over = true;
  });
  site.stop = async () => {
    child.kill('SIGTERM');
    await ended;
    await rm(dist, { recursive: true, force: true });
  };
  const end = Date.now() + 100_000;
  for (;;) {
    const answer = await fetch(site.url, { headers: { Accept: 'text/html' } }).catch(() => undefined);
    if (answer?.ok) return site;
    if (over || Date.now() > end) {
      await site.stop();
      throw new Error(`\`trunk serve\` does not answer.\n${site.stderr}`);
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 200);
    });
  }
}

demo('`trunk serve` itself gives the whole app, at every address', { start: trunkServe }, async ({ page }) => {
  await page.goto('/settings/partner-relationships');
  await expectText(title(page), 'Partner relationships');
  await page.getByRole('link', { name: 'Oakline IT' }).click();
  await expectText(title(page), /Oakline IT/);
});
