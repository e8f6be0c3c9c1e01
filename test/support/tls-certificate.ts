import { generateKeyPairSync } from 'node:crypto';

import type { ClientTlsOptions } from '../../src/lib/gateway/index.ts';
import { createSelfSigned } from '../../src/lib/x509/index.ts';

const DAY_MS = 86_400_000;

/** TLS for a gateway under test, with a certificate for this machine's own address. */
export function createTestTls(changes: Partial<ClientTlsOptions> = {}): ClientTlsOptions {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const nowMs = Date.now();
  const certificate = createSelfSigned({
    key: privateKey,
    commonName: 'doze test',
    names: ['localhost', '127.0.0.1'],
    validFromMs: nowMs - DAY_MS,
    validToMs: nowMs + DAY_MS,
  });
  return {
    mode: 'preferred',
    certificate,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ...changes,
  };
}
