// A real mail server for a test: it receives mails from Accord by SMTP, parses them as a mail
// program does, and keeps them.

import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

const ARRIVES_MS = 30_000;

const running = new Set();

/**
 * Starts a mail server on a free port. It accepts mail without encryption and from everyone,
 * unless the options have a certificate or an account.
 *
 * @param {object} [options]
 * @param {string} [options.host] The address that it listens on (127.0.0.1).
 * @param {{ key: string, cert: string }} [options.tls] With it, nothing but STARTTLS is
 *   taken before the conversation is encrypted.
 * @param {{ user: string, password: string }} [options.account] With it, mail is taken
 *   only from this user.
 * @returns {Promise<MailServer>}
 */
export async function startMailServer(options = {}) {
  const server = new MailServer(options);
  await server.listen();
  running.add(server);
  return server;
}

/** Stops every mail server that still runs; for `after` in a test file. */
export async function stopMailServers() {
  await Promise.all([...running].map((server) => server.stop()));
}

/**
 * A received mail: the result of `mailparser`, and in addition
 *
 * @typedef {import('mailparser').ParsedMail & {
 *   envelope: { from: string, to: string[] },
 *   raw: string,
 *   encrypted: boolean,
 *   signedInAs: string | undefined,
 * }} Mail
 */

/** A mail server that was started for a test. */
export class MailServer {
  #options;
  #server;
  #port;
  #waiting = new Set();

  /** @type {Mail[]} The received mails, in order. */
  mails = [];
  /** Number of failed attempts to sign in. */
  refusedSignIns = 0;

  constructor(options) {
    this.#options = { host: '127.0.0.1', ...options };
    const { tls, account } = this.#options;
    this.#server = new SMTPServer({
      ...tls,
      authMethods: ['PLAIN', 'LOGIN'],
      authOptional: !account,
      disabledCommands: [...(tls ? [] : ['STARTTLS']), ...(account ? [] : ['AUTH'])],
      // Signing in without encryption must fail.
      allowInsecureAuth: false,
      disableReverseLookup: true,
      closeTimeout: 1_000,
      logger: false,
      onAuth: ({ username, password }, _session, done) => {
        if (username === account?.user && password === account.password) {
          done(null, { user: username });
          return;
        }
        this.refusedSignIns += 1;
        done(new Error('Wrong user name or password'));
      },
      onData: (stream, session, done) => {
        this.#take(stream, session).then(() => done(), done);
      },
    });
    // A client that closes the connection early is no error here.
    this.#server.on('error', () => {});
  }

  /** The address for `--smtp`, with the account of the options. */
  get url() {
    return this.urlFor(this.#options.account);
  }

  /** The same with another account, or with none. */
  urlFor(account) {
    const who = account
      ? `${encodeURIComponent(account.user)}:${encodeURIComponent(account.password)}@`
      : '';
    return `smtp://${who}${this.#options.host}:${this.#port}`;
  }

  /** Starts listening. */
  async listen() {
    await new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, this.#options.host, resolve);
    });
    this.#port = this.#server.server.address().port;
  }

  async #take(stream, session) {
    const parts = [];
    for await (const part of stream) parts.push(part);
    const raw = Buffer.concat(parts);
    const mail = await simpleParser(raw);
    this.mails.push(
      Object.assign(mail, {
        envelope: {
          from: session.envelope.mailFrom.address,
          to: session.envelope.rcptTo.map(({ address }) => address),
        },
        raw: raw.toString('latin1'),
        encrypted: session.secure,
        signedInAs: session.user,
      }),
    );
    for (const look of this.#waiting) look();
  }

  /**
   * Resolves with the first matching mail, which may have arrived already.
   *
   * @param {string | RegExp | ((mail: Mail) => boolean)} which The recipient, a pattern of
   *   the subject, or a condition.
   * @returns {Promise<Mail>}
   */
  async mail(which) {
    const fits =
      typeof which === 'function'
        ? which
        : (mail) => (which instanceof RegExp ? which.test(mail.subject) : mail.envelope.to.includes(which));
    let look;
    let timer;
    try {
      return await new Promise((resolve, reject) => {
        look = () => {
          const mail = this.mails.find(fits);
          if (mail) resolve(mail);
        };
        this.#waiting.add(look);
        timer = setTimeout(() => {
          const there = this.mails.map((mail) => `${mail.envelope.to}: ${mail.subject}`);
          reject(
            new Error(
              `No mail that fits ${which} arrived within ${ARRIVES_MS / 1000} s. There are:\n${there.join('\n')}`,
            ),
          );
        }, ARRIVES_MS);
        look();
      });
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(look);
    }
  }

  /** Stops listening, for good. */
  async stop() {
    running.delete(this);
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }
}

/** Returns the address that the button of a mail links to. */
export function linkOf(mail) {
  const links = [...mail.html.matchAll(/href="([^"]+)"/g)].map(([, address]) => address);
  const [first] = links;
  if (!first || links.some((link) => link !== first)) {
    throw new Error(`The mail has no one link: ${links.join(', ')}`);
  }
  return first.replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}
