import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * mysql_native_password. The server stores stage2 = SHA1(SHA1(password)); the client answers a scramble with
 * SHA1(password) XOR SHA1(scramble + stage2). Who knows stage2 can check the answer and recovers
 * stage1 = SHA1(password) from it, which is enough to log in elsewhere as that user.
 * https://mariadb.com/kb/en/authentication-plugin-mysql_native_password/
 */
export const NATIVE_PASSWORD = 'mysql_native_password';

const HASH_LENGTH = 20;

/** The stored string, `*` and 40 hex digits, as bytes; null when it is no hash, such as `invalid`. */
export function parseStage2(authString: string): Buffer | null {
  return /^\*[0-9a-f]{40}$/i.test(authString) ? Buffer.from(authString.slice(1), 'hex') : null;
}

export function stage1Of(password: string): Buffer {
  return sha1(Buffer.from(password));
}

export function stage2Of(stage1: Buffer): Buffer {
  return sha1(stage1);
}

/** What a client answers to this scramble. */
export function answerScramble(stage1: Buffer, scramble: Buffer): Buffer {
  return xor(stage1, sha1(Buffer.concat([scramble, stage2Of(stage1)])));
}

/** Constant time in what the answer is. @returns stage1, or null when the answer is wrong. */
export function recoverStage1(answer: Buffer, scramble: Buffer, stage2: Buffer): Buffer | null {
  if (answer.length !== HASH_LENGTH) return null;
  const stage1 = xor(answer, sha1(Buffer.concat([scramble, stage2])));
  return timingSafeEqual(stage2Of(stage1), stage2) ? stage1 : null;
}

function sha1(data: Buffer): Buffer {
  return createHash('sha1').update(data).digest();
}

function xor(left: Buffer, right: Buffer): Buffer {
  // Not a part of the pool, all 8 KiB of which a session that keeps this would keep.
  const result = Buffer.alloc(left.length);
  for (let i = 0; i < left.length; i++) result[i] = left[i]! ^ right[i]!;
  return result;
}
