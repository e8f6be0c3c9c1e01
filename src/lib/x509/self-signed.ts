import { createPublicKey, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIP, isIPv4, SocketAddress } from 'node:net';

import {
  bitString,
  boolean,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  tagged,
  time,
  utf8String,
} from './der.ts';

export interface SelfSignedRequest {
  /** Private: on the curve P-256, or of Ed25519. */
  readonly key: KeyObject;
  readonly commonName: string;
  /** Host names, wildcards and IP addresses that it is for. */
  readonly names: readonly string[];
  /** Wall-clock milliseconds. */
  readonly validFromMs: number;
  readonly validToMs: number;
  /** 16 random bytes where left out. */
  readonly serial?: Buffer;
}

const OID = {
  commonName: '2.5.4.3',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  ed25519: '1.3.101.112',
} as const;
const VERSION_3 = 2;
const SERIAL_LENGTH = 16;

/** A certificate for a TLS server that its own key signed, in PEM. RFC 5280. */
export function createSelfSigned(request: SelfSignedRequest): string {
  const { key, names, validFromMs, validToMs, serial = randomBytes(SERIAL_LENGTH) } = request;
  const isEdwards = key.asymmetricKeyType === 'ed25519';
  // RFC 8410: Ed25519 hashes by itself.
  const algorithm = sequence(objectIdentifier(isEdwards ? OID.ed25519 : OID.ecdsaWithSha256));
  const name = sequence(set(sequence(objectIdentifier(OID.commonName), utf8String(request.commonName))));
  const certified = sequence(
    tagged(0, integer(Buffer.of(VERSION_3)), 'constructed'),
    integer(serial),
    algorithm,
    name,
    sequence(time(validFromMs), time(validToMs)),
    name,
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
    tagged(3, extensions(names), 'constructed'),
  );
  const certificate = sequence(certified, algorithm, bitString(sign(isEdwards ? null : 'sha256', certified, key)));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

/** No key usage: without the right to sign, OpenSSL does not take a certificate for one that signed itself. */
function extensions(names: readonly string[]): Buffer {
  return sequence(
    sequence(objectIdentifier(OID.basicConstraints), boolean(true), octetString(sequence())),
    sequence(objectIdentifier(OID.extendedKeyUsage), octetString(sequence(objectIdentifier(OID.serverAuth)))),
    sequence(objectIdentifier(OID.subjectAltName), octetString(sequence(...names.map(alternativeName)))),
  );
}

function alternativeName(name: string): Buffer {
  if (isIP(name) === 0) return tagged(2, Buffer.from(name), 'primitive');
  return tagged(7, addressBytes(name), 'primitive');
}

function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const { address: short } = new SocketAddress({ address, family: 'ipv6' });
  const [before = '', after] = short.split('::');
  const head = groups(before);
  const tail = groups(after ?? '');
  return Buffer.concat([head, Buffer.alloc(16 - head.length - tail.length), tail]);
}

function groups(text: string): Buffer {
  return Buffer.from(
    text.replace(/[^:]+:?/g, (group) => group.replace(':', '').padStart(4, '0')),
    'hex',
  );
}
