import { constants, createHash, generateKeyPairSync, privateDecrypt } from 'node:crypto';

import { writeAuthMoreData, writeAuthSwitchRequest, writeErr } from '../../src/lib/mysql/index.ts';
import { okPacket } from './fake-backend.ts';

const SCRAMBLE = Buffer.from('0123456789abcdefghij');
const REQUEST_KEY = 2;
const FAST_SUCCESS = 3;
const FULL_AUTHENTICATION = 4;
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** A login as a server leads it: what it says to each packet of its client, the last of them OK or an error. */
export interface Exchange {
  readonly begins: Buffer;
  answer(payload: Buffer): readonly Buffer[];
}

/**
 * The server's side of caching_sha2_password, as it is documented: by the cache of those who were there before, else by the
 * password, in clear over TLS and encrypted with the server's key in plain.
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_caching_sha2_authentication_exchanges.html
 */
export function createSha2Exchange(password: string, isSecure: boolean, cache: Set<string>): Exchange {
  let state: 'hash' | 'password' | 'encrypted' = 'hash';
  const denied = [writeErr({ errno: 1045, sqlState: '28000', message: 'Access denied by the server' })];
  const finish = (given: string): readonly Buffer[] => {
    if (given !== password) return denied;
    cache.add(password);
    return [okPacket()];
  };
  return {
    begins: writeAuthSwitchRequest({ plugin: 'caching_sha2_password', data: SCRAMBLE }),
    answer: (payload) => {
      if (state === 'hash') {
        const isRight = payload.equals(hashOf(password));
        if (cache.has(password)) return isRight ? [writeAuthMoreData(Buffer.of(FAST_SUCCESS)), okPacket()] : denied;
        state = 'password';
        return [writeAuthMoreData(Buffer.of(FULL_AUTHENTICATION))];
      }
      if (isSecure) return finish(withoutZero(payload));
      if (state === 'password') {
        if (payload.length !== 1 || payload[0] !== REQUEST_KEY) return denied;
        state = 'encrypted';
        return [writeAuthMoreData(Buffer.from(publicKey.export({ type: 'spki', format: 'pem' })))];
      }
      const padding = constants.RSA_PKCS1_OAEP_PADDING;
      return finish(withoutZero(mixed(privateDecrypt({ key: privateKey, padding }, payload))));
    },
  };
}

/** SHA256(password) XOR SHA256(SHA256(SHA256(password)) + scramble) */
function hashOf(password: string): Buffer {
  const once = sha256(Buffer.from(password));
  const mask = sha256(Buffer.concat([sha256(once), SCRAMBLE]));
  return Buffer.from(once.map((byte, index) => byte ^ mask[index]!));
}

function mixed(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte, index) => byte ^ SCRAMBLE[index % SCRAMBLE.length]!));
}

function withoutZero(bytes: Buffer): string {
  return bytes.toString().replace(/\0$/, '');
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
