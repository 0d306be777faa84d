// Takes screenshots of pages: 1280 and 390 pixels wide, light and dark.
//
//   node tests/browser/support/screenshots.mjs [URL] [--as EMAIL:PASSWORD] [--locale nl-NL] [/path …]
//
// Without a URL it starts its own server (ACCORD_BIN, or the release build). With
// no path it takes the first page and every page that its navigation leads to.

import { parseArgs } from 'node:util';

import { launchBrowser, openPage, output, signIn, snapshot } from './browser.mjs';
import { startServer } from './server.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    as: { type: 'string' },
    locale: { type: 'string', default: 'en-US' },
  },
});
const given = positionals.find((text) => text.startsWith('http'));
let paths = positionals.filter((text) => text.startsWith('/'));

const server = given ? undefined : await startServer();
const browser = await launchBrowser();
try {
  const { page, problems } = await openPage(browser, given ?? server.url, {
    locale: values.locale,
  });
  await page.goto('/', { waitUntil: 'networkidle' });
  if (values.as) {
    const colon = values.as.indexOf(':');
    await signIn(page, values.as.slice(0, colon), values.as.slice(colon + 1));
    await page.waitForLoadState('networkidle');
  }
  if (paths.length === 0) {
    const links = await page
      .getByRole('navigation')
      .getByRole('link')
      .evaluateAll((links) => links.map((link) => link.href))
      .then((links) => links.map((link) => new URL(link)))
      .catch(() => []);
    const own = links.filter((link) => link.origin === new URL(page.url()).origin);
    paths = [...new Set(['/', ...own.map((link) => link.pathname)])];
  }
  for (const path of paths) {
    await page.goto(path, { waitUntil: 'networkidle' });
    await snapshot(page, path);
    console.log(path);
  }
  for (const problem of problems.unexpected) console.log(`problem: ${problem}`);
  console.log(`The pictures are in ${output}.`);
} finally {
  await browser.close();
  await server?.stop();
}
