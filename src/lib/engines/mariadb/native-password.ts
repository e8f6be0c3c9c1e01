import { createHash } from 'node:crypto';

/**
 * What the server stores for `mysql_native_password`: `*` and SHA1(SHA1(password)) in hex. Sent instead of the
 * password, so that no file, log or process list ever holds the latter.
 * https://mariadb.com/kb/en/authentication-plugin-mysql_native_password/
 */
export function hashNativePassword(password: string): string {
  const stage1 = createHash('sha1').update(password, 'utf8').digest();
  return `*${createHash('sha1').update(stage1).digest('hex').toUpperCase()}`;
}
