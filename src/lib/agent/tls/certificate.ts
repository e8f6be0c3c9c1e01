import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';

import { writeFingerprint } from '../../domain/index.ts';

/** A certificate and its key, in PEM; certificates that lead to its issuer may follow the first. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** Why these two cannot be used together, or null when they can. */
export function findCertificateFault({ certificate, key }: Certificate): 'certificate' | 'key' | 'pair' | null {
  const parsed = attempt(() => new X509Certificate(certificate));
  if (parsed === null) return 'certificate';
  const privateKey = attempt(() => createPrivateKey(key));
  if (privateKey === null) return 'key';
  return parsed.checkPrivateKey(privateKey) ? null : 'pair';
}

/** Wall-clock milliseconds. */
export function expiryMs(certificate: string): number {
  return new X509Certificate(certificate).validToDate.getTime();
}

function attempt<Result>(parse: () => Result): Result | null {
  try {
    return parse();
  } catch {
    return null;
  }
}

/** Of its public key, so that it stays when the certificate is renewed with the same key. */
export function fingerprintOf(certificate: string): string {
  const { publicKey } = new X509Certificate(certificate);
  return writeFingerprint(
    createHash('sha256')
      .update(publicKey.export({ type: 'spki', format: 'der' }))
      .digest(),
  );
}
