import { X509Certificate } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import type { Depth } from '../../src/lib/domain/index.ts';
import type { Endpoint } from '../../src/lib/drivers/index.ts';
import { Capability, OK_HEADER } from '../../src/lib/mysql/index.ts';
import { deriveServerIdentity } from '../../src/lib/x509/index.ts';
import { CLIENT_CAPABILITIES } from '../support/gateway-harness.ts';
import { openRawClient } from '../support/raw-client.ts';
import { loginRawTlsClient } from '../support/raw-tls-client.ts';
import type { Subject, Workbench } from './driver-harness.ts';

const identity = deriveServerIdentity('secret of the agent', 'c1');
const other = deriveServerIdentity('another secret', 'c1');

const provenBy = (subject: Subject, proof: typeof identity | null): Subject => ({
  ...subject,
  spec: { ...subject.spec, identity: proof },
});

export function describeIdentity(current: () => Workbench): void {
  describe('a server’s identity', () => {
    it.each(['parked', 'stopped', 'removed'] as const)(
      'is what its server speaks TLS with, from its next start on: from %s',
      async (depth) => {
        const bench = current();
        const subject = await bench.launch(5);
        if (bench.hasSql) expect(await offersTls(await restart(bench, subject, depth))).toBe(false);
        const endpoint = await restart(bench, provenBy(subject, identity), depth);
        if (bench.hasSql) expect(await certificateOf(endpoint, subject)).toBe(identity.certificate);
        expect(await bench.readValues(subject)).toEqual(bench.hasSql ? [5] : null);
      },
    );

    it('stays over a restart of the agent, is replaced by another one, and is taken away', async () => {
      const bench = current();
      const subject = await bench.launch(6);
      await restart(bench, provenBy(subject, identity), 'parked');
      await bench.restartAgent();
      const kept = await restart(bench, provenBy(subject, identity), 'stopped');
      if (bench.hasSql) expect(await certificateOf(kept, subject)).toBe(identity.certificate);
      const replaced = await restart(bench, provenBy(subject, other), 'parked');
      if (bench.hasSql) expect(await certificateOf(replaced, subject)).toBe(other.certificate);
      const taken = await restart(bench, subject, 'parked');
      if (bench.hasSql) expect(await offersTls(taken)).toBe(false);
      expect(await bench.readValues(subject)).toEqual(bench.hasSql ? [6] : null);
    });
  });
}

async function restart(bench: Workbench, subject: Subject, depth: Depth): Promise<Endpoint> {
  await bench.suspend(subject, depth);
  return bench.start(subject);
}

async function offersTls({ host, port }: Endpoint): Promise<boolean> {
  await using client = await openRawClient({ host, port });
  return (client.greeting.capabilities.base & Capability.SSL) !== 0;
}

async function certificateOf({ host, port }: Endpoint, { credentials }: Subject): Promise<string> {
  const { user, userPassword: password } = credentials;
  await using client = await loginRawTlsClient({ host, port, user, password, capabilities: CLIENT_CAPABILITIES });
  expect((await client.read())[0]).toBe(OK_HEADER);
  const shown = client.tls.getPeerX509Certificate();
  return new X509Certificate(shown?.raw ?? '').toString();
}
