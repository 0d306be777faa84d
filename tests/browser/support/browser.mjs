// The system's Chromium, with a record of everything that goes wrong in a page.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import axeCore from 'axe-core';
import { chromium } from 'playwright-core';

import { root } from './server.mjs';

/** The folder for screenshots. */
export const output = join(root, 'tests/output');

/** Timeout for anything in a page; generous, for two busy cores. */
export const TIMEOUT_MS = 15_000;

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

/** Returns the path of the browser: CHROMIUM, or one of the usual places. */
export function chromiumPath() {
  const places = process.env.CHROMIUM ? [process.env.CHROMIUM] : PLACES;
  const found = places.find((path) => existsSync(path));
  if (!found) {
    throw new Error(
      `No Chromium at ${places.join(', ')}. \`cargo xtask test --only browser\` installs one; ` +
        'CHROMIUM takes the path of another.',
    );
  }
  return found;
}

/** Starts a browser. Close it with `close()`. */
export function launchBrowser() {
  return chromium.launch({
    executablePath: chromiumPath(),
    headless: true,
    args: [
      // Containers run as root, where Chromium's sandbox cannot be; the only pages
      // that are opened are our own.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-dev-shm-usage',
      '--no-first-run',
      // Without these it asks the network for updates at every start.
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/**
 * Opens a page in a context of its own.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {string} baseURL Where `page.goto('/path')` leads.
 * @param {object} [options]
 * @param {number} [options.width] CSS pixels (1280).
 * @param {number} [options.height] CSS pixels (800).
 * @param {'light' | 'dark'} [options.theme] What the system prefers ('light').
 * @param {boolean} [options.forcedColors] High contrast (false).
 * @param {boolean} [options.motion] Let things move (false).
 * @param {string} [options.locale] The browser's language ('en-US').
 * @param {string} [options.timezone] The browser's time zone ('UTC').
 * @returns {Promise<{ page: import('playwright-core').Page, problems: Problems }>}
 */
export async function openPage(browser, baseURL, options = {}) {
  const context = await browser.newContext({
    baseURL,
    viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
    colorScheme: options.theme ?? 'light',
    forcedColors: options.forcedColors ? 'active' : 'none',
    reducedMotion: options.motion ? 'no-preference' : 'reduce',
    locale: options.locale ?? 'en-US',
    timezoneId: options.timezone ?? 'UTC',
  });
  context.setDefaultTimeout(TIMEOUT_MS);
  const problems = new Problems(new URL(baseURL).origin);
  await problems.watch(context);
  const page = await context.newPage();
  return { page, problems };
}

/**
 * Everything that went wrong in a context: console errors, exceptions, violations
 * of the content security policy, requests that failed or went to another host, and
 * unexpected answers.
 *
 * Answers of `/api/` with a status of 4xx are normal.
 */
export class Problems {
  #origin;
  #found = [];
  #statuses = new Set();
  #patterns = [];
  #offline = false;

  constructor(origin) {
    this.#origin = origin;
  }

  /** Expects answers with this status, such as 404 for a page or 503. */
  expectStatus(status) {
    this.#statuses.add(status);
  }

  /** Expects problems whose text matches. */
  allow(pattern) {
    this.#patterns.push(pattern);
  }

  /** Sets whether requests are expected to fail, because the server is stopped. */
  expectOffline(offline = true) {
    this.#offline = offline;
  }

  /** Returns the unexpected problems. */
  get unexpected() {
    return this.#found.filter((text) => !this.#patterns.some((pattern) => pattern.test(text)));
  }

  /** Fails when there was a problem that the test did not expect. */
  assertNone() {
    const found = this.unexpected;
    assert.equal(found.length, 0, `The page had problems:\n  ${found.join('\n  ')}`);
  }

  /** Begins to watch. */
  async watch(context) {
    await context.exposeBinding('__accordViolation', (_, text) => {
      this.#found.push(`content security policy: ${text}`);
    });
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        globalThis.__accordViolation(
          `${event.effectiveDirective} blocked ${event.blockedURI} at ` +
            `${event.sourceFile}:${event.lineNumber}`,
        );
      });
    });
    context.on('console', (message) => this.#console(message));
    context.on('weberror', (error) => {
      this.#found.push(`exception: ${error.error().stack ?? error.error()}`);
    });
    context.on('request', (request) => {
      const url = new URL(request.url());
      if (url.origin !== this.#origin && !['data:', 'blob:'].includes(url.protocol)) {
        this.#found.push(`request to elsewhere: ${request.url()}`);
      }
    });
    context.on('requestfailed', (request) => {
      // Leaving a page aborts its requests.
      const reason = request.failure()?.errorText;
      if (reason === 'net::ERR_ABORTED' || this.#offline) return;
      this.#found.push(`request failed: ${request.method()} ${request.url()}: ${reason}`);
    });
    context.on('response', (response) => {
      const status = response.status();
      if (status < 400 || this.#statuses.has(status) || this.#refusal(response.url(), status)) {
        return;
      }
      this.#found.push(`answer ${status}: ${response.request().method()} ${response.url()}`);
    });
  }

  #refusal(url, status) {
    return status < 500 && new URL(url).pathname.startsWith('/api/');
  }

  #console(message) {
    if (message.type() !== 'error') return;
    // The browser reports each failed request and each error answer here too; those are
    // recorded above.
    if (message.text().startsWith('Failed to load resource')) return;
    const { url, lineNumber } = message.location();
    this.#found.push(`console: ${message.text()} (${url}:${lineNumber})`);
  }
}

/**
 * Signs in on the sign-in page and waits until it is left.
 *
 * @param {import('playwright-core').Page} page
 * @param {string} email
 * @param {string} password
 */
export async function signIn(page, email, password) {
  if (page.url() === 'about:blank') await page.goto('/');
  const button = page.getByRole('button', { name: /^(Sign in|Aanmelden)$/ });
  await page.getByLabel(/^e-?mail/i).fill(email);
  // A checkbox or button that shows the password also has the word in its name.
  await page.getByRole('textbox', { name: /^(password|wachtwoord)/i }).fill(password);
  await button.click();
  await button.waitFor({ state: 'detached' });
}

const AXE_TAGS = [
  'wcag2a',
  'wcag2aa',
  'wcag21a',
  'wcag21aa',
  'wcag22aa',
  'best-practice',
];

/**
 * Checks accessibility with axe-core. Returns one readable text per violation.
 *
 * @param {import('playwright-core').Page} page
 * @param {object} [options]
 * @param {string[]} [options.except] Rules to leave out; say why where it is used.
 * @returns {Promise<string[]>}
 */
export async function axe(page, options = {}) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) {
    await page.evaluate(axeCore.source);
  }
  const rules = Object.fromEntries((options.except ?? []).map((id) => [id, { enabled: false }]));
  const violations = await page.evaluate(
    async ([tags, rules]) => {
      // Colors are checked after all transitions. Endless animations and removed elements
      // are not waited for.
      const fades = document.getAnimations().filter(
        ({ effect }) => effect?.getComputedTiming().endTime !== Infinity,
      );
      await Promise.allSettled(fades.map(({ finished }) => finished));
      const results = await globalThis.axe.run(document, {
        runOnly: { type: 'tag', values: tags },
        rules,
        resultTypes: ['violations'],
      });
      return results.violations.map(({ id, impact, help, nodes }) => ({
        id,
        impact,
        help,
        nodes: nodes.map(({ target, html, failureSummary }) => ({
          target: target.join(' '),
          html,
          failureSummary,
        })),
      }));
    },
    [AXE_TAGS, rules],
  );
  return violations.map(({ id, impact, help, nodes }) => {
    const places = nodes.map(({ target, html, failureSummary }) => {
      const reason = failureSummary.split('\n').map((line) => `      ${line.trim()}`);
      return `    ${target}\n      ${html.slice(0, 200)}\n${reason.join('\n')}`;
    });
    return `${id} (${impact}): ${help}\n${places.join('\n')}`;
  });
}

/** Fails when axe-core finds a violation. */
export async function assertAccessible(page, options = {}) {
  const violations = await axe(page, options);
  assert.equal(
    violations.length,
    0,
    `axe-core found barriers at ${page.url()}:\n${violations.join('\n')}`,
  );
}

/**
 * Takes screenshots into tests/output/: 1280 and 390 pixels wide, light and dark.
 *
 * @param {import('playwright-core').Page} page
 * @param {string} name Beginning of the file names.
 * @returns {Promise<string[]>} The paths.
 */
export async function snapshot(page, name) {
  await mkdir(output, { recursive: true });
  const before = page.viewportSize();
  const paths = [];
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 800 });
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      const path = join(output, `${fileName(name)}-${width}-${colorScheme}.png`);
      await page.screenshot({ path, fullPage: true });
      paths.push(path);
    }
  }
  await page.emulateMedia({ colorScheme: null });
  if (before) await page.setViewportSize(before);
  return paths;
}

/** Returns a text that can be part of a file name. */
export function fileName(text) {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'index';
}

/**
 * Presses Tab until the element with that role and name has the focus, as someone
 * without a mouse does. Fails when it cannot be reached.
 *
 * @param {import('playwright-core').Page} page
 * @param {string} role
 * @param {string | RegExp} name
 * @param {object} [options]
 * @param {boolean} [options.back] Shift+Tab (false).
 * @param {number} [options.limit] After so many presses it counts as out of reach (80).
 * @returns {Promise<import('playwright-core').Locator>}
 */
export async function tabTo(page, role, name, options = {}) {
  const locator = page.getByRole(role, { name });
  await locator.first().waitFor();
  const passed = [];
  for (let press = 0; press <= (options.limit ?? 80); press += 1) {
    if (await hasFocus(locator)) return locator;
    passed.push(await focused(page));
    await page.keyboard.press(options.back ? 'Shift+Tab' : 'Tab');
  }
  return assert.fail(
    `Tab does not reach the ${role} ${name}. It passed:\n  ${[...new Set(passed)].join('\n  ')}`,
  );
}

/** Waits until the element has the focus, and fails when it does not get it. */
export async function expectFocus(locator, timeout = 3_000) {
  await eventually(async () => {
    if (await hasFocus(locator)) return;
    const page = locator.page();
    assert.fail(`${locator} does not have the focus; it is on ${await focused(page)}`);
  }, timeout);
}

function hasFocus(locator) {
  return locator.evaluateAll((elements) => elements.includes(document.activeElement));
}

function focused(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return 'the page itself';
    const name = element.getAttribute('aria-label') ?? element.textContent.trim().slice(0, 60);
    return `<${element.localName}> ${name || element.id || element.getAttribute('name') || ''}`;
  });
}

/**
 * Repeats the check until it passes; after the timeout, throws its last error.
 *
 * @param {() => Promise<void> | void} check Throws while it is not yet so.
 */
export async function eventually(check, timeout = TIMEOUT_MS) {
  const end = Date.now() + timeout;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}

/** Waits until the element is visible. */
export async function expectVisible(locator) {
  await locator.waitFor({ state: 'visible' });
}

/** Waits until the element is gone or hidden. */
export async function expectHidden(locator) {
  await locator.waitFor({ state: 'hidden' });
}

/** Waits until the element's text is, or matches, what is expected. */
export async function expectText(locator, expected) {
  await eventually(async () => {
    const text = (await locator.innerText()).replace(/\s+/g, ' ').trim();
    if (expected instanceof RegExp) assert.match(text, expected);
    else assert.equal(text, expected);
  });
}

/** Waits until the page's path (with its query) is the expected one. */
export async function expectPath(page, expected) {
  await eventually(() => {
    const { pathname, search } = new URL(page.url());
    if (expected instanceof RegExp) assert.match(pathname + search, expected);
    else assert.equal(pathname + search, expected);
  });
}
