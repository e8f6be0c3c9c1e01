import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';

import { describe, expect, it } from 'vitest';

import { keepOwnCertificate, type OwnCertificateOptions } from '../../../../src/lib/agent/tls/own-certificate.ts';
import { createSimulatedClock } from '../../../support/simulated-clock.ts';
import { createTemporaryDirectory } from '../../../support/temporary-directory.ts';

const DAY_MS = 86_400_000;
const needed = ['localhost', '127.0.0.1', 'fd00::12:3'];
const optionsIn = (directory: string, changes: Partial<OwnCertificateOptions> = {}): OwnCertificateOptions => ({
  certificateFile: join(directory, 'cert.pem'),
  keyFile: join(directory, 'key.pem'),
  names: [...needed, '*.doze.localhost', '::1'],
  needed,
  ...changes,
});

describe('the certificate of a home', () => {
  it('is one that a TLS client believes when it knows it', async () => {
    using directory = createTemporaryDirectory();
    const clock = createSimulatedClock(Date.now());
    const { certificate, key } = keepOwnCertificate(clock, optionsIn(directory.path));
    const server = createServer({ cert: certificate, key }, (socket) => socket.end('hello'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    for (const servername of ['localhost', 'shop.doze.localhost']) {
      const socket = connect({ host: '127.0.0.1', port, ca: certificate, servername });
      const [greeting] = (await once(socket, 'data')) as [Buffer];
      expect([greeting.toString(), socket.authorized]).toEqual(['hello', true]);
      socket.destroy();
    }
    const stranger = connect({ host: '127.0.0.1', port, ca: certificate, servername: 'elsewhere.example' });
    const [error] = (await once(stranger, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    server.close();
    await once(server, 'close');
  });

  it('names what it is for, for ten years', () => {
    using directory = createTemporaryDirectory();
    const clock = createSimulatedClock();
    const certificate = new X509Certificate(keepOwnCertificate(clock, optionsIn(directory.path)).certificate);
    expect(certificate.subjectAltName).toBe(
      'DNS:localhost, IP Address:127.0.0.1, IP Address:FD00:0:0:0:0:0:12:3, DNS:*.doze.localhost, IP Address:0:0:0:0:0:0:0:1',
    );
    expect(certificate.subject).toBe('CN=doze gateway');
    expect(certificate.ca).toBe(false);
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.validFromDate.getTime()).toBe(clock.wallMs() - DAY_MS);
    expect(certificate.validToDate.getTime()).toBe(clock.wallMs() + 3_650 * DAY_MS);
  });

  it('is kept, for its owner only', () => {
    using directory = createTemporaryDirectory();
    const options = optionsIn(directory.path);
    const first = keepOwnCertificate(createSimulatedClock(), options);
    expect(keepOwnCertificate(createSimulatedClock(), options)).toEqual(first);
    for (const file of [options.certificateFile, options.keyFile]) expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is renewed with the same key a month before it expires', async () => {
    using directory = createTemporaryDirectory();
    const clock = createSimulatedClock();
    const options = optionsIn(directory.path);
    const first = keepOwnCertificate(clock, options);
    clock.jumpWall(3_619 * DAY_MS);
    expect(keepOwnCertificate(clock, options)).toEqual(first);
    clock.jumpWall(2 * DAY_MS);
    const second = keepOwnCertificate(clock, options);
    expect(second.key).toBe(first.key);
    expect(new X509Certificate(second.certificate).validToDate.getTime()).toBe(clock.wallMs() + 3_650 * DAY_MS);
    expect(readFileSync(options.certificateFile, 'utf8')).toBe(second.certificate);
  });

  it('is another one when it lacks a name that is needed, and only then', () => {
    using directory = createTemporaryDirectory();
    const clock = createSimulatedClock();
    const first = keepOwnCertificate(clock, optionsIn(directory.path));
    const moved = optionsIn(directory.path, { names: [...needed, 'laptop.home'] });
    expect(keepOwnCertificate(clock, moved)).toEqual(first);
    const changed = optionsIn(directory.path, { names: [...needed, '10.1.2.3'], needed: [...needed, '10.1.2.3'] });
    const second = keepOwnCertificate(clock, changed);
    expect(new X509Certificate(second.certificate).checkIP('10.1.2.3')).toBe('10.1.2.3');
  });

  it.each([
    ['the certificate is gone', (options: OwnCertificateOptions) => rmSync(options.certificateFile)],
    ['the key is gone', (options: OwnCertificateOptions) => rmSync(options.keyFile)],
    ['the certificate is cut', (options: OwnCertificateOptions) => cut(options.certificateFile)],
    ['the key is cut', (options: OwnCertificateOptions) => cut(options.keyFile)],
  ])('is made anew when %s', (_what, damage) => {
    using directory = createTemporaryDirectory();
    const options = optionsIn(directory.path);
    const clock = createSimulatedClock();
    keepOwnCertificate(clock, options);
    damage(options);
    const { certificate, key } = keepOwnCertificate(clock, options);
    expect(certificate).toMatch(/^-----BEGIN CERTIFICATE-----/);
    expect(keepOwnCertificate(clock, options)).toEqual({ certificate, key });
  });

  it('that cannot be kept says where, and what to do', () => {
    using directory = createTemporaryDirectory();
    const options = optionsIn(join(directory.path, 'nowhere'));
    expect(() => keepOwnCertificate(createSimulatedClock(), options)).toThrow(
      expect.objectContaining({
        code: 'HOME_UNUSABLE',
        message: `the gateway's certificate cannot be kept in ${options.keyFile}`,
        hint: expect.stringContaining('doze config set tls off') as string,
      }) as Error,
    );
  });
});

function cut(file: string): void {
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, 100));
}
