// Serves a built page as any static host does: its files, and index.html at every other
// address. There is no API.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/**
 * Starts it on a free port.
 *
 * @param {string} folder The output of `trunk build`.
 */
export async function serveFolder(folder) {
  const site = new StaticSite(folder);
  await site.start();
  return site;
}

/** A web server for the files of a folder. */
export class StaticSite {
  #folder;
  #server;
  /** The requested paths. */
  asked = [];
  /** The log of the server; always empty. */
  stderr = '';

  constructor(folder) {
    this.#folder = folder;
  }

  /** The address, without a slash at the end. */
  get url() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  async start() {
    const index = await readFile(join(this.#folder, 'index.html'));
    this.#server = createServer(async (request, response) => {
      const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
      this.asked.push(path);
      let [body, type] = [index, '.html'];
      try {
        if (extname(path)) {
          body = await readFile(join(this.#folder, normalize(path)));
          type = extname(path);
        }
      } catch {
        // There is no such file, so this is the path of a page.
      }
      response.writeHead(200, { 'Content-Type': TYPES[type] ?? 'application/octet-stream' });
      response.end(body);
    });
    await new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', resolve);
    });
  }

  /** Stops it. */
  async stop() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }
}
