import { createPrivateKey, createPublicKey, pbkdf2Sync, randomBytes, sign, type KeyObject } from 'node:crypto';

import type { Account } from '../../src/lib/domain/index.ts';
import { isErr, readAuthMoreData, readAuthSwitchRequest } from '../../src/lib/mysql/index.ts';
import { nativeAccount } from './fake-host.ts';
import { CLIENT_CAPABILITIES } from './gateway-harness.ts';
import { openRawClient, sendLogin, type RawClient } from './raw-client.ts';

const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const ROUNDS = 1024;

/** Of a seed of 32 bytes; as `ed25519` has it, a password of 32 characters is one. */
export function keyOf(seed: Buffer): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
}

export function parsecKeyOf(password: string, salt: Buffer, doublings: number): KeyObject {
  return keyOf(pbkdf2Sync(password, salt, ROUNDS << doublings, 32, 'sha512'));
}

export function rawPublicKeyOf(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(-32);
}

/** @param password 32 characters */
export function ed25519Account(user: string, password: string, changes: Partial<Account> = {}): Account {
  const authString = rawPublicKeyOf(keyOf(Buffer.from(password)))
    .toString('base64')
    .slice(0, 43);
  return nativeAccount(user, '', { methods: [{ plugin: 'ed25519', authString }], ...changes });
}

export function parsecAccount(user: string, password: string, changes: Partial<Account> = {}): Account {
  const salt = randomBytes(18);
  const key = rawPublicKeyOf(parsecKeyOf(password, salt, 0));
  const authString = `P0:${salt.toString('base64')}:${key.toString('base64')}`;
  return nativeAccount(user, '', { methods: [{ plugin: 'parsec', authString }], ...changes });
}

export interface SignedLogin {
  readonly client: RawClient;
  /** What was asked for, in order. */
  readonly asked: readonly string[];
  /** What a parsec client was told of its password. */
  readonly salt: Buffer | null;
  /** OK or error. */
  readonly last: Buffer;
}

/** Logs in with whatever is asked for, up to `switches` times; then goes no further. */
export async function signIn(port: number, user: string, password: string, switches = 9): Promise<SignedLogin> {
  const client = await openRawClient({ host: '127.0.0.1', port });
  sendLogin(client, { host: '127.0.0.1', port, user, password, capabilities: CLIENT_CAPABILITIES });
  const asked: string[] = [];
  let salt: Buffer | null = null;
  let packet = await client.read();
  while (packet.payload[0] === 0xfe && asked.length < switches) {
    const { plugin, data } = readAuthSwitchRequest(packet.payload);
    asked.push(plugin);
    if (plugin === 'client_ed25519') {
      client.send(sign(null, data, keyOf(Buffer.from(password.padEnd(32)))), packet.sequence + 1);
    } else {
      client.send(Buffer.alloc(0), packet.sequence + 1);
      packet = await client.read();
      if (isErr(packet.payload)) break;
      salt = readAuthMoreData(packet.payload);
      const own = randomBytes(32);
      const key = parsecKeyOf(password, salt.subarray(2), salt[1] ?? 0);
      client.send(Buffer.concat([own, sign(null, Buffer.concat([data, own]), key)]), packet.sequence + 1);
    }
    packet = await client.read();
  }
  return { client, asked, salt, last: packet.payload };
}
