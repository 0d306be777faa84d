// Starts the real server on a database of its own, for one test.

import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The repository's root folder. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));

// A debug build that hashes the passwords of a dozen demo accounts, on a machine
// that is busy with a browser, may take a while.
const START_MS = 30_000;
const STOP_MS = 5_000;

const running = new Set();

// A test run that is stopped early leaves nothing behind.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Starts a server and waits until it listens.
 *
 * @param {object} [options]
 * @param {boolean} [options.demo] Fill the database with demo data (true).
 * @param {string} [options.database] Path or URL of a database, instead of a new file.
 * @param {string[]} [options.args] More arguments for `accord serve`.
 * @param {Record<string, string>} [options.env] More environment variables.
 * @returns {Promise<Server>}
 */
export async function startServer(options = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'accord-test-'));
  const server = new Server(folder, options);
  try {
    await server.start();
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

/** A server that was started for a test. */
export class Server {
  #folder;
  #options;
  #child;
  #ended;
  #port = 0;
  #errors = '';

  constructor(folder, options) {
    this.#folder = folder;
    this.#options = options;
  }

  /** The address, without a slash at the end; the same after a restart. */
  get url() {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The database's path or URL. */
  get database() {
    return this.#options.database ?? join(this.#folder, 'accord.sqlite');
  }

  /** What the server has written to stderr since it was first started. */
  get stderr() {
    return this.#errors;
  }

  /** The server's process ID, or undefined when it does not run. */
  get pid() {
    return this.#child?.pid;
  }

  /** Starts it, on the same port and database as before if there was one. */
  async start() {
    const program = process.env.ACCORD_BIN ?? join(root, 'target/release/accord');
    if (!existsSync(program)) {
      throw new Error(
        `There is no server at ${program}. \`cargo xtask dist\` builds it; ` +
          'ACCORD_BIN takes the path of another.',
      );
    }
    const args = ['serve'];
    if (this.#options.demo ?? true) args.push('--demo');
    args.push('--listen', `127.0.0.1:${this.#port}`);
    args.push('--database', this.database);
    args.push(...(this.#options.args ?? []));
    // The settings of the person who runs the tests do not apply to this server.
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !name.startsWith('ACCORD_')),
    );
    const child = spawn(program, args, {
      cwd: this.#folder,
      env: { ...env, ...this.#options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    running.add(child);
    this.#ended = new Promise((resolve) => {
      child.once('error', (error) => {
        this.#errors += `${error}\n`;
        running.delete(child);
        resolve({ code: null, signal: null });
      });
      child.once('exit', (code, signal) => {
        running.delete(child);
        resolve({ code, signal });
      });
    });
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (text) => {
      this.#errors += text;
    });

    let timer;
    try {
      this.#port = await Promise.race([
        new Promise((resolve) => {
          // Reading goes on after the expected line, so that the server never blocks on a
          // full pipe.
          createInterface({ input: child.stdout }).on('line', (line) => {
            const found = /^listening on http:\/\/127\.0\.0\.1:(\d+)\/?$/.exec(line.trim());
            if (found) resolve(Number(found[1]));
          });
        }),
        this.#ended.then(({ code, signal }) => {
          throw new Error(`The server ended with ${signal ?? code} before it listened.`);
        }),
        new Promise((_, reject) => {
          timer = setTimeout(
            () => reject(new Error(`The server did not listen within ${START_MS / 1000} s.`)),
            START_MS,
          );
        }),
      ]);
    } catch (error) {
      child.kill('SIGKILL');
      await this.#ended;
      this.#child = undefined;
      error.message += `\n${program} ${args.join(' ')}\n${this.#errors}`;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Runs another command of the program on the same database.
   *
   * @param {string[]} args
   * @param {string} [input] Its standard input.
   * @returns {Promise<string>} Its output, without the last line break.
   */
  async command(args, input = '') {
    const program = process.env.ACCORD_BIN ?? join(root, 'target/release/accord');
    const running = promisify(execFile)(program, [...args, '--database', this.database]);
    running.child.stdin.end(input);
    const { stdout } = await running;
    return stdout.trimEnd();
  }

  /** Writes a file next to the database; returns its path. */
  async file(name, text) {
    const path = join(this.#folder, name);
    await writeFile(path, text);
    return path;
  }

  /** Stops it gracefully; fails when it ends with an error or not at all. */
  async shutdown() {
    const child = this.#child;
    if (!child) return;
    this.#child = undefined;
    child.kill('SIGTERM');
    let timer;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, STOP_MS, 'late');
    });
    const end = await Promise.race([this.#ended, late]);
    clearTimeout(timer);
    if (end === 'late') {
      child.kill('SIGKILL');
      await this.#ended;
      throw new Error(`The server did not end within ${STOP_MS / 1000} s after SIGTERM.`);
    }
    if (end.code !== 0) {
      throw new Error(`The server ended with ${end.signal ?? end.code} after SIGTERM.`);
    }
  }

  /** Kills it, as a power failure would; `start()` starts it again. */
  async kill() {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
    await this.#ended;
  }

  /** Restarts it on the same port and database. */
  async restart() {
    await this.shutdown();
    await this.start();
  }

  /** Stops it and removes its data. */
  async stop() {
    try {
      await this.shutdown();
    } finally {
      await rm(this.#folder, { recursive: true, force: true });
    }
  }
}
