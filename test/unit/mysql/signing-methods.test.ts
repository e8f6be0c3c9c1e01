import { sign } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import {
  isSignedBy,
  parseSigningMethod,
  readAuthSwitchRequest,
  signedPasswordHash,
  writeAuthSwitchRequest,
  writePasswordSalt,
} from '../../../src/lib/mysql/index.ts';
import { keyOf, parsecKeyOf, rawPublicKeyOf } from '../../support/signing-client.ts';

/** RFC 8032, 7.1, test 3. */
const RFC = {
  publicKey: Buffer.from('fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025', 'hex'),
  message: Buffer.from('af82', 'hex'),
  signature: Buffer.from(
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    'hex',
  ),
};
/** Of the server's documentation, for the password "secret". */
const ED25519 = 'ZIgUREUg5PVgQ6LskhXmO+eZLS0nC8be6HPjYWR4YJY';
const PARSEC = 'P1:lhXyNv1cIxpB8EnTxR7ON7S7:1l3rWRW1/jw45yrvYXB8eh02wzk7lcJcz4CMcWw2b+8=';

describe('a signature', () => {
  it('is the known one of the known key', () => {
    expect(isSignedBy(RFC.publicKey, RFC.message, RFC.signature)).toBe(true);
  });

  it.each([
    ['another message', RFC.publicKey, Buffer.from('af83', 'hex'), RFC.signature],
    ['another key', Buffer.alloc(32, 3), RFC.message, RFC.signature],
    ['no key at all', Buffer.alloc(7), RFC.message, RFC.signature],
    ['nothing', RFC.publicKey, RFC.message, Buffer.alloc(0)],
    ['zeros', RFC.publicKey, RFC.message, Buffer.alloc(64)],
    ['one byte too many', RFC.publicKey, RFC.message, Buffer.concat([RFC.signature, Buffer.alloc(1)])],
  ])('is not one with %s', (_what, publicKey, message, signature) => {
    expect(isSignedBy(publicKey, message, signature)).toBe(false);
  });
});

describe('what the server stores', () => {
  it('of ed25519 is the public key', () => {
    const method = parseSigningMethod('ed25519', ED25519);
    expect(method?.publicKey.toString('base64')).toBe(`${ED25519}=`);
    expect(method === null ? null : signedPasswordHash(method)).toEqual(method?.publicKey);
  });

  it('of parsec is the rounds, the salt and the public key', () => {
    const method = parseSigningMethod('parsec', PARSEC);
    if (method?.plugin !== 'parsec') throw new Error('not read');
    expect(method.salt).toEqual({ doublings: 1, bytes: Buffer.from('lhXyNv1cIxpB8EnTxR7ON7S7', 'base64') });
    expect(method.publicKey).toHaveLength(32);
    expect(writePasswordSalt(method.salt).toString('hex')).toBe(`5001${method.salt.bytes.toString('hex')}`);
    expect(signedPasswordHash(method)).toHaveLength(2 + 18 + 32);
  });

  it('opens to whom the password made the key', () => {
    const password = 'thirty-two characters make a key';
    const key = keyOf(Buffer.from(password));
    const stored = rawPublicKeyOf(key).toString('base64').slice(0, 43);
    const method = parseSigningMethod('ed25519', stored);
    const scramble = Buffer.alloc(32, 's');
    expect(isSignedBy(method?.publicKey ?? Buffer.alloc(0), scramble, sign(null, scramble, key))).toBe(true);
    const salt = Buffer.alloc(18, 1);
    expect(rawPublicKeyOf(parsecKeyOf('a', salt, 0))).not.toEqual(rawPublicKeyOf(parsecKeyOf('a', salt, 1)));
  });

  it.each([
    ['ed25519', ''],
    ['ed25519', 'invalid'],
    ['ed25519', `${ED25519}=`],
    ['parsec', ''],
    ['parsec', PARSEC.replace('P1', 'Q1')],
    ['parsec', PARSEC.replace('P1', 'P:')],
    ['caching_sha2_password', ED25519],
  ])('of %s is no key when it is "%s"', (plugin, authString) => {
    expect(parseSigningMethod(plugin, authString)).toBeNull();
  });
});

describe('the request for a signature', () => {
  it.each(['client_ed25519', 'parsec'])('keeps a scramble of %s that ends with a zero, and adds none', (plugin) => {
    const request = { plugin, data: Buffer.alloc(32) };
    expect(writeAuthSwitchRequest(request)).toHaveLength(1 + plugin.length + 1 + 32);
    expect(readAuthSwitchRequest(writeAuthSwitchRequest(request))).toEqual(request);
  });
});
