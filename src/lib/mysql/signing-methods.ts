import { createPublicKey, verify } from 'node:crypto';

/**
 * Methods by which a client signs what the server asks it to (Ed25519), and the server keeps the public key alone: who knows
 * that can check a client, and cannot log in as it.
 *
 * - `ed25519`: signs the 32 bytes of the scramble. https://mariadb.com/kb/en/authentication-plugin-ed25519/
 * - `parsec`: asks for the salt of its password first, then adds 32 bytes of its own and signs both scrambles.
 *   https://mariadb.com/kb/en/authentication-plugin-parsec/
 */
export type SigningMethod =
  | { readonly plugin: 'ed25519'; readonly publicKey: Buffer }
  | { readonly plugin: 'parsec'; readonly publicKey: Buffer; readonly salt: PasswordSalt };

/** How a password becomes a key, by PBKDF2. */
export interface PasswordSalt {
  /** 1024 rounds, doubled so many times. */
  readonly doublings: number;
  readonly bytes: Buffer;
}

/** As clients know them. */
export const CLIENT_PLUGINS = { ed25519: 'client_ed25519', parsec: 'parsec' } as const;
export const SIGNED_SCRAMBLE_LENGTH = 32;
export const SIGNATURE_LENGTH = 64;

/** PBKDF2, in the stored string and on the wire. */
const ALGORITHM = 'P';
/** Of a key in DER, before its 32 bytes: RFC 8410. */
const DER_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** What the server stores of an account. @returns null for other methods, and where no password opens the account */
export function parseSigningMethod(plugin: string, authString: string): SigningMethod | null {
  if (plugin === 'ed25519') {
    if (!/^[A-Za-z0-9+/]{43}$/.test(authString)) return null;
    return { plugin, publicKey: Buffer.from(authString, 'base64') };
  }
  if (plugin !== 'parsec') return null;
  const parts = /^P([0-9]):([A-Za-z0-9+/]{24}):([A-Za-z0-9+/]{43}=?)$/.exec(authString);
  if (parts === null) return null;
  const [, doublings = '', salt = '', publicKey = ''] = parts;
  return {
    plugin,
    publicKey: Buffer.from(publicKey, 'base64'),
    salt: { doublings: Number(doublings), bytes: Buffer.from(salt, 'base64') },
  };
}

/** What a parsec client is told when it asks. */
export function writePasswordSalt({ doublings, bytes }: PasswordSalt): Buffer {
  return Buffer.concat([Buffer.from(ALGORITHM), Buffer.of(doublings), bytes]);
}

/** False also for a key that is none. */
export function isSignedBy(publicKey: Buffer, message: Buffer, signature: Buffer): boolean {
  if (signature.length !== SIGNATURE_LENGTH) return false;
  try {
    const key = createPublicKey({ key: Buffer.concat([DER_PREFIX, publicKey]), format: 'der', type: 'spki' });
    return verify(null, message, key, signature);
  } catch {
    return false;
  }
}

/** What a client's proof of a certificate is made with (`proveCertificate`). */
export function signedPasswordHash(method: SigningMethod): Buffer {
  if (method.plugin === 'ed25519') return method.publicKey;
  return Buffer.concat([writePasswordSalt(method.salt), method.publicKey]);
}
