import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { readClientTls, watchClientTls, type ClientTlsDeps } from '../../../../src/lib/agent/tls/client-tls.ts';
import type { ClientTlsOptions } from '../../../../src/lib/gateway/index.ts';
import { createSilentLogger } from '../../../../src/lib/logger.ts';
import { createSimulatedClock } from '../../../support/simulated-clock.ts';
import { createTemporaryDirectory } from '../../../support/temporary-directory.ts';
import { createTestTls } from '../../../support/tls-certificate.ts';

const HOUR_MS = 3_600_000;

function createDeps(directory: string, settings: Partial<ClientTlsDeps['settings']> = {}) {
  return {
    clock: createSimulatedClock(Date.now()),
    logger: createSilentLogger(),
    settings: {
      tls: 'preferred',
      tlsCert: null,
      tlsKey: null,
      gatewayHost: '0.0.0.0',
      publicHost: null,
      listen: null,
      ...settings,
    },
    paths: { certificateFile: join(directory, 'tls-cert.pem'), keyFile: join(directory, 'tls-key.pem') },
  } satisfies ClientTlsDeps;
}

function writePair(directory: string, { certificate, key }: ClientTlsOptions) {
  const files = { tlsCert: join(directory, 'given.pem'), tlsKey: join(directory, 'given.key') };
  writeFileSync(files.tlsCert, certificate);
  writeFileSync(files.tlsKey, key);
  return files;
}

describe('what clients get over TLS', () => {
  it('is nothing, and nothing is made, when it is off', () => {
    using directory = createTemporaryDirectory();
    const deps = createDeps(directory.path, { tls: 'off' });
    expect(readClientTls(deps)).toBeNull();
    expect(existsSync(deps.paths.keyFile)).toBe(false);
  });

  it('is the certificate of the home, or the one that is given', () => {
    using directory = createTemporaryDirectory();
    expect(readClientTls(createDeps(directory.path))).toMatchObject({ mode: 'preferred' });
    const given = createTestTls({ mode: 'required' });
    const files = writePair(directory.path, given);
    expect(readClientTls(createDeps(directory.path, { tls: 'required', ...files }))).toEqual(given);
  });

  it('is a fault of the settings when a file of the two is missing, wrong or of another pair', () => {
    using directory = createTemporaryDirectory();
    const given = createTestTls();
    const files = writePair(directory.path, given);
    const fault = (settings: Partial<ClientTlsDeps['settings']>) => () =>
      readClientTls(createDeps(directory.path, settings));
    const nowhere = join(directory.path, 'nowhere');
    expect(fault({ tlsCert: files.tlsCert })).toThrow('tlsCert is set without tlsKey');
    expect(fault({ tlsKey: files.tlsKey })).toThrow('tlsKey is set without tlsCert');
    expect(fault({ ...files, tlsCert: nowhere })).toThrow(`${nowhere} cannot be read (ENOENT)`);
    expect(fault({ ...files, tlsCert: files.tlsKey })).toThrow(`${files.tlsKey} is no certificate in PEM`);
    expect(fault({ ...files, tlsKey: files.tlsCert })).toThrow(`${files.tlsCert} is no private key in PEM`);
    writeFileSync(files.tlsKey, createTestTls().key);
    expect(fault(files)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: `TLS for clients: ${files.tlsKey} is not the key of the certificate ${files.tlsCert}`,
        hint: 'doze config set tlsKey FILE',
      }) as Error,
    );
  });

  it('is taken up anew when the files have changed, and stays when they cannot be used', async () => {
    using directory = createTemporaryDirectory();
    const [first, second] = [createTestTls(), createTestTls()];
    const deps = createDeps(directory.path, writePair(directory.path, first));
    const renewed: ClientTlsOptions[] = [];
    using watch = watchClientTls(deps, { renewTls: async (tls) => Promise.resolve(void renewed.push(tls)) }, first);
    await deps.clock.advance(HOUR_MS);
    expect(renewed).toEqual([]);
    writePair(directory.path, { ...second, key: first.key });
    await deps.clock.advance(HOUR_MS);
    expect(renewed).toEqual([]);
    writePair(directory.path, second);
    await deps.clock.advance(HOUR_MS);
    await deps.clock.advance(HOUR_MS);
    expect(renewed).toEqual([second]);
    watch[Symbol.dispose]();
    writePair(directory.path, first);
    await deps.clock.advance(HOUR_MS);
    expect(renewed).toEqual([second]);
  });
});
