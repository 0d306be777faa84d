// Delivered mail: Accord sends it to a real mail server, and the tests read it as a mail
// program does.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { selfSigned } from './support/certificate.mjs';
import { linkOf, startMailServer } from './support/mail-server.mjs';
import { ANNA, Api, MARA, PASSWORD } from './support/people.mjs';
import { startServer } from './support/server.mjs';

const TEST_MS = 120_000;
const FROM = ['--mail-from', 'Accord für alle <no-reply@accord.example>'];

/** Declares a test whose deferred functions run at its end, the last one first. */
function mailTest(name, story) {
  test(name, { timeout: TEST_MS }, async () => {
    const deferred = [];
    try {
      await story((work) => deferred.push(work));
    } finally {
      for (const work of deferred.reverse()) await work();
    }
  });
}

const INVITATIONS = [
  {
    language: 'en',
    recipientName: 'Anna "the admin" de Vries, IT',
    subject: 'Meridian Cloud Services asks Brightwater Schools to accept a partner relationship',
    words: ['What is verified, and what isn’t', 'Microsoft Customer Agreement'],
  },
  {
    language: 'nl',
    recipientName: 'Änna de Vriés',
    subject: 'Meridian Cloud Services vraagt Brightwater Schools om een partnerrelatie te accepteren',
    words: ['Wat is gecontroleerd en wat niet', 'Microsoft-klantovereenkomst'],
  },
  {
    language: 'de',
    recipientName: 'Jürgen Müller-Lüdenscheidt (Verwaltung)',
    subject: 'Meridian Cloud Services bittet Brightwater Schools, eine Partnerbeziehung anzunehmen',
    words: ['Was geprüft ist und was nicht', 'Microsoft-Kundenvereinbarung'],
  },
  {
    language: 'zh-CN',
    recipientName: '李娜 🏫',
    subject: 'Meridian Cloud Services 请求 Brightwater Schools 接受合作伙伴关系',
    words: ['哪些已核实，哪些未核实', 'Microsoft 客户协议'],
  },
];

/** Lines that SMTP could stumble over: dots, a header, and one that is very long. */
const MESSAGE = `.\n..\nBcc: everybody@evil.example\n\n${'很长'.repeat(300)}\nFrom here <b>on</b>`;

mailTest('an invitation arrives in its language, as the preview showed it', async (defer) => {
  const mailServer = await startMailServer();
  defer(() => mailServer.stop());
  const server = await startServer({ args: ['--smtp', mailServer.url, ...FROM] });
  defer(() => server.stop());
  const customer = await (await Api.of(server, ANNA)).organization();
  const mara = await Api.of(server, MARA);

  for (const { language, recipientName, subject, words } of INVITATIONS) {
    const recipient = `invited-${language.toLowerCase()}@brightwater.example`;
    const draft = await mara.send('POST', '/api/invitations', {
      customer,
      relationshipType: 'resellerAndDelegatedAdministrator',
      askForAdminRoles: true,
      recipient,
      recipientName,
      language,
      message: MESSAGE,
    });
    const preview = await mara.get(`/api/invitations/${draft.id}/mail?language=${language}`);
    const began = Date.now();
    await mara.send('POST', `/api/invitations/${draft.id}/send`, {}, draft['@odata.etag']);
    const mail = await mailServer.mail(recipient);

    // The envelope and the headers.
    assert.deepEqual(mail.envelope, { from: 'no-reply@accord.example', to: [recipient] });
    assert.deepEqual(mail.from.value, [
      { address: 'no-reply@accord.example', name: 'Accord für alle' },
    ]);
    assert.deepEqual(mail.to.value, [{ address: recipient, name: recipientName }]);
    assert.equal(mail.subject, subject);
    assert.equal(mail.headers.get('auto-submitted'), 'auto-generated');
    assert.equal(mail.headers.get('content-language'), language);
    assert.equal(mail.headers.get('mime-version'), '1.0');
    assert.equal(mail.headers.get('content-type').value, 'multipart/alternative');
    assert.match(mail.messageId, /^<[0-9a-f-]{36}@accord\.example>$/);
    assert.ok(Math.abs(mail.date.getTime() - began) < 60_000, `${mail.date}`);
    assert.ok(!mail.headers.has('bcc') && !mail.headers.has('cc'));
    assert.equal(mail.headers.size, 9, [...mail.headers.keys()].join(', '));
    assert.equal(mail.attachments.length, 0);

    // No line is longer than a mail server must accept (RFC 5321, section 4.5.3.1.6).
    assert.match(mail.raw, /^[\0-\x7f]*$/);
    for (const line of mail.raw.split('\r\n')) {
      assert.ok(line.length <= 998 && !/[\r\n]/.test(line), line);
    }

    // Both parts have the same content and link to the same page of the site.
    const link = linkOf(mail);
    assert.ok(link.startsWith(`${server.url}/partner-invitation#`), link);
    assert.equal(mail.text.split('\n').filter((line) => line === link).length, 1);
    const sent = await mara.get(`/api/invitations/${draft.id}`);
    for (const part of [mail.text, mail.html]) {
      // Words may be on either side of a line break.
      const running = part.replace(/\s+/g, ' ');
      for (const word of [...words, sent.code]) assert.ok(running.includes(word), word);
    }
    assert.ok(mail.text.includes('\n> .\n> ..\n> Bcc: everybody@evil.example\n>\n'), mail.text);
    assert.ok(mail.html.includes('From here &lt;b&gt;on&lt;/b&gt;'));
    assert.match(mail.html, new RegExp(`<html lang="${language}"`));

    // The mail is the one in the partner's preview, except for the link.
    assert.equal(preview.subject, mail.subject);
    const bare = (text) => text.replace(/https?:\S+/, '(link)').trimEnd();
    assert.equal(bare(mail.text), bare(preview.text));
  }
  const ids = mailServer.mails.map(({ messageId }) => messageId);
  assert.equal(new Set(ids).size, ids.length, 'no mail came twice');
});

/**
 * Creates a customer and a partner on an empty database. Demo data can't be used: its mail
 * only goes to a mail server on the same machine, without encryption.
 */
async function ownOrganizations(server) {
  const run = (line, input) => server.command(line.split(' '), input);
  await run(
    'organization create --name Fabrikam --domain fabrikam.example --country NL --cloud worldwide' +
      ' --partner-id 4567890 --email info@fabrikam.example --phone 5550100 --address Haarlem',
  );
  const user = 'user create --password-stdin --organization';
  await run(
    `${user} fabrikam.example --email roos@fabrikam.example --name Roos --role adminAgent`,
    PASSWORD,
  );
  const customer = await run(
    'organization create --name Brightwater --domain brightwater.example --country NL --cloud worldwide',
  );
  await run(
    `${user} brightwater.example --email ${ANNA} --name Anna --role globalAdministrator`,
    PASSWORD,
  );
  return customer;
}

/** Returns the only mail of the customer's outbox after an attempt to send it. */
async function triedMail(anna) {
  for (;;) {
    const { value } = await anna.get('/api/outbox');
    const [mail] = value;
    if (mail?.attempts > 0) return mail;
  }
}

mailTest('over an encrypted line and signed in; who is not let in keeps the mail', async (defer) => {
  // Accord trusts the system's certificates, and SSL_CERT_FILE overrides those. Addresses
  // that begin with 127 are loopback addresses, to which Accord connects without encryption;
  // 0.0.0.0 reaches the same machine, but Accord treats it like any other address.
  const host = '0.0.0.0';
  const folder = await mkdtemp(join(tmpdir(), 'accord-mail-'));
  defer(() => rm(folder, { recursive: true, force: true }));
  const tls = selfSigned(host);
  const trusted = join(folder, 'trusted.pem');
  await writeFile(trusted, tls.cert);
  const account = { user: 'accord@mail.example', password: 'p: ä%/@#' };
  const mailServer = await startMailServer({ host, tls, account });
  defer(() => mailServer.stop());
  const start = async (url, certificates) => {
    const server = await startServer({
      demo: false,
      database: join(folder, 'accord.sqlite'),
      args: [...FROM],
      env: { ACCORD_SMTP: url, SSL_CERT_FILE: certificates },
    });
    defer(() => server.stop());
    return server;
  };

  // The certificate is not trusted: nothing is sent, the password least of all.
  const others = join(folder, 'others.pem');
  await writeFile(others, selfSigned(host).cert);
  const untrusting = await start(mailServer.url, others);
  const customer = await ownOrganizations(untrusting);
  const roos = await Api.of(untrusting, 'roos@fabrikam.example');
  await roos.invite(customer, 'lob', false);
  const untrusted = await triedMail(await Api.of(untrusting, ANNA));
  assert.equal(untrusted.status, 'waiting');
  assert.equal(mailServer.refusedSignIns, 0);
  await untrusting.shutdown();

  // A wrong password: the mail stays queued, and the log has the reason without the password.
  const wrong = mailServer.urlFor({ ...account, password: 'not the password' });
  const mistaken = await start(wrong, trusted);
  const anna = await Api.of(mistaken, ANNA);
  let waiting = untrusted;
  while (waiting.attempts === untrusted.attempts) waiting = await triedMail(anna);
  assert.equal(waiting.status, 'waiting');
  assert.ok(mailServer.refusedSignIns > 0);
  await mistaken.shutdown();
  assert.match(mistaken.stderr, /a mail was not sent.*535/);
  assert.ok(!mistaken.stderr.includes('not the password'));
  assert.equal(mailServer.mails.length, 0);

  // The operator corrects it. Nothing was lost, and no mail arrives twice.
  const right = await start(mailServer.url, trusted);
  const mail = await mailServer.mail('somebody@brightwater.example');
  assert.ok(mail.encrypted);
  assert.equal(mail.signedInAs, account.user);
  const roosAgain = await Api.of(right, 'roos@fabrikam.example');
  await roosAgain.invite(customer, 'advisor', true);
  await mailServer.mail(() => mailServer.mails.length === 2);
  const [first, second] = mailServer.mails;
  assert.notEqual(first.messageId, second.messageId);
  assert.ok(!right.stderr.includes(account.password));
});

mailTest('a mail server that does not answer does not keep Accord from stopping', async (defer) => {
  const silent = createServer();
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  defer(() => silent.close());
  const spokenTo = once(silent, 'connection');
  // The demo data has queued mail.
  const server = await startServer({
    args: ['--smtp', `smtp://127.0.0.1:${silent.address().port}`, ...FROM],
  });
  defer(() => server.stop());
  const [connection] = await spokenTo;
  defer(() => connection.destroy());
  connection.on('error', () => {});
  await server.shutdown();
});
