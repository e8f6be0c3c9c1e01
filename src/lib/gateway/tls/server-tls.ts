import { createHash, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';

import type { ClientTlsOptions } from './client-tls-options.ts';

/** What TLS with clients needs, made once for all of them. */
export interface ServerTls {
  readonly isRequired: boolean;
  readonly context: SecureContext;
  /** SHA-256 of the certificate that clients get. */
  readonly fingerprint: Buffer;
}

/** @throws what OpenSSL says of a certificate or key that is none */
export function createServerTls({ mode, certificate, key }: ClientTlsOptions): ServerTls {
  return {
    isRequired: mode === 'required',
    context: createSecureContext({ cert: certificate, key }),
    fingerprint: createHash('sha256').update(new X509Certificate(certificate).raw).digest(),
  };
}
