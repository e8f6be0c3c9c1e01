import { createHash } from 'node:crypto';

/** What the proof is made with: SHA-256. */
const SHA256 = 0x01;

export interface CertificateFacts {
  /** As the server keeps the password; both sides know it. */
  readonly passwordHash: Buffer;
  /** That the client's answer was for. */
  readonly scramble: Buffer;
  /** SHA-256 of the certificate. */
  readonly fingerprint: Buffer;
}

/**
 * The message in a login's OK by which a client of MariaDB 11.4 and newer trusts a certificate that nobody vouches for:
 * somebody in the middle would have to show another one, and does not know the password.
 * https://mariadb.org/mission-impossible-zero-configuration-ssl/
 */
export function proveCertificate({ passwordHash, scramble, fingerprint }: CertificateFacts): Buffer {
  const digest = createHash('sha256').update(passwordHash).update(scramble).update(fingerprint).digest('hex');
  return Buffer.concat([Buffer.of(SHA256), Buffer.from(digest.toUpperCase())]);
}
