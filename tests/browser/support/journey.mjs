// One test: a server with its own database, a page in its own context, and a check for
// problems that the test itself does not look for.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { fileName, launchBrowser, openPage, output } from './browser.mjs';
import { startServer } from './server.mjs';

const TEST_MS = 120_000;

let browser;

// One browser serves the tests of a file; node runs each file in its own process.
before(async () => {
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
});

/**
 * Declares a test with a server and a page of its own.
 *
 * @param {string} name The behavior, as a sentence.
 * @param {object} options Those of `openPage`; in `server`, those of `startServer`, or in
 *   `start` what starts something else that has a `url` and can `stop()`.
 * @param {(world: {
 *   page: import('playwright-core').Page,
 *   problems: import('./browser.mjs').Problems,
 *   server: import('./server.mjs').Server,
 *   visitor: (options?: object) => Promise<{ page: import('playwright-core').Page, problems: import('./browser.mjs').Problems }>,
 * }) => Promise<void>} story `visitor` opens a page for another person.
 */
export function journey(name, options, story) {
  if (typeof options === 'function') return journey(name, {}, options);
  const { server: serverOptions, start = startServer, ...pageOptions } = options;
  return test(name, { timeout: TEST_MS }, async () => {
    const server = await start(serverOptions);
    const visitors = [];
    const visitor = async (more = {}) => {
      const opened = await openPage(browser, server.url, { ...pageOptions, ...more });
      visitors.push(opened);
      return opened;
    };
    try {
      const { page, problems } = await visitor();
      await story({ page, problems, server, visitor });
      for (const { problems } of visitors) problems.assertNone();
    } catch (error) {
      throw await explained(error, name, visitors, server);
    } finally {
      await Promise.all(visitors.map(({ page }) => page.context().close()));
      await server.stop();
    }
  });
}

/** Adds the details that help to find the cause to the error. */
async function explained(error, name, visitors, server) {
  const parts = [];
  for (const [index, { page, problems }] of visitors.entries()) {
    const folder = join(output, 'failed');
    const path = join(folder, `${fileName(name)}-${index + 1}.png`);
    parts.push(`page ${index + 1}: ${page.url()}`);
    // An error about the problems names them itself.
    if (problems.unexpected.length > 0 && !error?.message?.startsWith('The page had problems')) {
      parts.push(`problems:\n  ${problems.unexpected.join('\n  ')}`);
    }
    try {
      await mkdir(folder, { recursive: true });
      await page.screenshot({ path, timeout: 5_000 });
      parts.push(`picture: ${path}`);
      parts.push(await page.locator('body').ariaSnapshot({ timeout: 5_000 }));
    } catch (reason) {
      parts.push(`no picture: ${reason.message}`);
    }
  }
  if (server.stderr) parts.push(`the server's last words:\n${server.stderr.slice(-6_000)}`);
  const failure = error instanceof Error ? error : new Error(String(error));
  const text = `\n\n${parts.join('\n')}\n`;
  // Some reporters print the message, others the stack, which begins with it.
  failure.stack = `${failure.stack}${text}`;
  return failure;
}
