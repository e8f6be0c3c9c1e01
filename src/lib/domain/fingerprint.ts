import { DozeError } from '../errors/index.ts';

/** Bytes of SHA-256. */
const LENGTH = 32;

/** Of a public key, by SHA-256 of its SubjectPublicKeyInfo in DER, written as ssh writes those of its keys. */
export function writeFingerprint(sha256: Buffer): string {
  return `SHA256:${sha256.toString('base64').replace(/=+$/, '')}`;
}

/**
 * As it is written, whatever it was typed like: the padding may be there, and the prefix in small letters.
 * @throws VALUE_INVALID
 */
export function parseFingerprint(text: string): string {
  const digits = /^SHA256:([A-Za-z0-9+/]{43})=?$/i.exec(text.trim())?.[1];
  const bytes = digits === undefined ? null : Buffer.from(digits, 'base64');
  if (bytes?.length === LENGTH) return writeFingerprint(bytes);
  throw new DozeError('VALUE_INVALID', `"${text}" is not a fingerprint`, {
    hint: 'on the machine of the agent: doze agent listen (it looks like SHA256: and 43 characters)',
  });
}
