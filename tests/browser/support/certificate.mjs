// A self-signed certificate for an IP address of this machine, as an operator makes one for
// a mail server in the same network. Node can sign, but not create one.

import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** A value in DER (ITU-T X.690): its tag, its length, its content. */
function der(tag, ...parts) {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts) => der(0x30, ...parts);
const identifier = (...bytes) => der(0x06, bytes);
const time = (moment) =>
  der(0x17, `${moment.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`);

/**
 * Creates a certificate (RFC 5280) that is valid for an hour.
 *
 * @param {string} address The IPv4 address that it is for.
 * @returns {{ key: string, cert: string }} Both in PEM.
 */
export function selfSigned(address) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(identifier(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02)); // ECDSA with SHA-256
  const name = sequence(
    der(0x31, sequence(identifier(0x55, 0x04, 0x03), der(0x0c, 'Mail server of a test'))),
  );
  const hour = 3_600_000;
  const names = sequence(
    identifier(0x55, 0x1d, 0x11), // subjectAltName
    der(0x04, sequence(der(0x87, address.split('.').map(Number)))),
  );
  const contents = sequence(
    der(0xa0, der(0x02, [2])), // version 3
    der(0x02, [1], randomBytes(8)),
    algorithm,
    name,
    sequence(time(new Date(Date.now() - hour)), time(new Date(Date.now() + hour))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(names)),
  );
  const signature = sign('sha256', contents, { key: privateKey, dsaEncoding: 'der' });
  const certificate = sequence(contents, algorithm, der(0x03, [0], signature));
  const lines = certificate.toString('base64').match(/.{1,64}/g).join('\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}
