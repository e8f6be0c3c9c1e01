import { createPrivateKey, hkdfSync, type KeyObject } from 'node:crypto';

import { createSelfSigned } from './self-signed.ts';

/** By which a server proves to the gateway, and to nobody else, that it is the right one. Both in PEM. */
export interface ServerIdentity {
  readonly certificate: string;
  readonly key: string;
}

const PURPOSE = 'doze server certificate';
const SEED_LENGTH = 32;
const SERIAL_LENGTH = 16;
/** Of a private key in DER, before its seed: RFC 8410. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
/** It is pinned as it is: nobody asks how old it is. */
const VALID_FROM_MS = Date.UTC(2020, 0, 1);
const VALID_TO_MS = Date.UTC(9999, 11, 31);

/**
 * Always the same for the same secret and name, so that there is nothing to keep: Ed25519, whose keys and signatures have
 * no chance in them.
 * @param secret of at least 128 bits, which the server's clients do not know
 */
export function deriveServerIdentity(secret: string, name: string): ServerIdentity {
  const derived = Buffer.from(hkdfSync('sha256', secret, name, PURPOSE, SEED_LENGTH + SERIAL_LENGTH));
  const key = keyOf(derived.subarray(0, SEED_LENGTH));
  const certificate = createSelfSigned({
    key,
    commonName: name,
    names: [name],
    validFromMs: VALID_FROM_MS,
    validToMs: VALID_TO_MS,
    serial: derived.subarray(SEED_LENGTH),
  });
  return { certificate, key: key.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

function keyOf(seed: Buffer): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
}
