// The people of the demo data, and actions that many tests need.

import { signIn } from './browser.mjs';

export const PASSWORD = 'open sesame demo';
export const ANNA = 'anna@brightwater.example';
export const DAAN = 'daan@brightwater.example';
export const BEN = 'ben@brightwater.example';
export const CARLA = 'carla@brightwater.example';
export const GRACE = 'grace@harbourbakery.example';
export const EVA = 'eva@lindenhof.example';
export const MARA = 'mara@meridiancloud.example';
export const LOTTE = 'lotte@lumenapps.example';
export const PER = 'per@pinnacledevices.example';

/** Signs in with a demo account at a path. */
export async function enter(page, email, path = '/') {
  await page.goto(path);
  await signIn(page, email, PASSWORD);
}

/** A client of the API, for the preparation of a test. */
export class Api {
  #server;
  #cookie;

  constructor(server) {
    this.#server = server;
  }

  /** Signs in with a demo account. */
  static async of(server, email) {
    const api = new Api(server);
    await api.send('POST', '/api/session', { email, password: PASSWORD });
    return api;
  }

  async send(method, path, body, etag, more = {}) {
    const headers = { Origin: this.#server.url, ...more };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    if (etag) headers['If-Match'] = etag;
    if (this.#cookie) headers.Cookie = this.#cookie;
    const answer = await fetch(this.#server.url + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const cookie = answer.headers.get('set-cookie');
    if (cookie) this.#cookie = cookie.split(';')[0];
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  get(path) {
    return this.send('GET', path);
  }

  /** Drafts and sends an invitation from this partner. */
  async invite(customer, relationshipType, askForAdminRoles, message = '') {
    const draft = await this.send('POST', '/api/invitations', {
      customer,
      relationshipType,
      askForAdminRoles,
      recipient: 'somebody@brightwater.example',
      recipientName: 'Somebody',
      language: 'en',
      message,
    });
    return this.send('POST', `/api/invitations/${draft.id}/send`, {}, draft['@odata.etag']);
  }

  /** Orders licenses of a product, so often. */
  async order(product, times) {
    const [{ term, unit }] = product.prices;
    const order = { product: product.id, term, quantity: '1', unitPrice: unit, partnerId: '', relationship: '' };
    for (let number = 0; number < times; number += 1) {
      const id = `01890000-0000-7000-8000-${String(number).padStart(12, '0')}`;
      await this.send('POST', '/api/orders', order, undefined, { 'Repeatability-Request-ID': id });
    }
  }

  /** Returns the ID of the signed-in person's organization. */
  async organization() {
    return (await this.get('/api/session')).organization.id;
  }

  /** Returns the active relationship with the partner of this name. */
  async relationship(partner) {
    const { value } = await this.get('/api/relationships');
    const found = value.find((one) => one.partner.name === partner && one.status === 'active');
    if (!found) throw new Error(`There is no relationship with ${partner}.`);
    return found;
  }
}

/** Returns the path of the link in the newest mail that contains this text. */
export async function linkPath(server, part) {
  const { value } = await new Api(server).get('/api/outbox');
  const mail = value.find(({ text }) => text.includes(part) && text.includes('/partner-invitation#'));
  if (!mail) throw new Error(`No mail in the outbox holds ${part}.`);
  return /\/partner-invitation#[0-9a-f]+/.exec(mail.text)[0];
}
