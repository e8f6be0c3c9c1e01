import { X509Certificate } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { deriveServerIdentity } from '../../../src/lib/x509/index.ts';

describe('a server’s identity', () => {
  const identity = deriveServerIdentity('secret', 'c1');
  const certificate = new X509Certificate(identity.certificate);

  it('is the same whenever it is derived again', () => {
    expect(deriveServerIdentity('secret', 'c1')).toEqual(identity);
  });

  it.each([
    ['secret', 'other', 'c1'],
    ['name', 'secret', 'c2'],
  ])('is another one for another %s', (_what, secret, name) => {
    const other = deriveServerIdentity(secret, name);
    expect(other.key).not.toBe(identity.key);
    expect(other.certificate).not.toBe(identity.certificate);
  });

  it('is a certificate that its own key signed, and names the compute', () => {
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.publicKey.asymmetricKeyType).toBe('ed25519');
    expect(certificate.subject).toBe('CN=c1');
    expect(identity.key).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  });
});
