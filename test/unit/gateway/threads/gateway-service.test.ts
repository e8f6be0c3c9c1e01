import { describe, expect, it } from 'vitest';

import { createSystemClock } from '../../../../src/lib/clock.ts';
import { createGateway } from '../../../../src/lib/gateway/gateway.ts';
import {
  createGatewayService,
  createThreadedGateway,
  GATEWAY_DEFAULTS,
  type GatewayService,
} from '../../../../src/lib/gateway/index.ts';
import { createSilentLogger } from '../../../../src/lib/logger.ts';
import { Command, OK_HEADER } from '../../../../src/lib/mysql/index.ts';
import { startFakeBackend } from '../../../support/fake-backend.ts';
import { createFakeHost, nativeAccount, ROUTE } from '../../../support/fake-host.ts';
import { CLIENT_CAPABILITIES, USERS } from '../../../support/gateway-harness.ts';
import { loginRawClient } from '../../../support/raw-client.ts';
import { untilSo } from '../../../support/threaded-harness.ts';

const deps = { clock: createSystemClock(), logger: createSilentLogger() };
const options = { ...GATEWAY_DEFAULTS, listenHost: '127.0.0.1', sharedPort: 0, ports: { from: 33_600, to: 33_699 } };

const services: readonly (readonly [string, () => GatewayService])[] = [
  ['in this thread', () => createGatewayService(createGateway(deps, options))],
  ['on a thread of its own', () => createThreadedGateway(deps, { ...options, threads: 1 })],
  ['on two threads', () => createThreadedGateway(deps, { ...options, threads: 2 })],
];

describe.each(services)('a gateway %s', (_where, create) => {
  it('does for control what control asks, and says the same of it', async () => {
    await using backend = await startFakeBackend(USERS);
    const host = createFakeHost(backend.port, [nativeAccount('app', USERS.app)]);
    const gateway = create();
    await gateway.start(host);
    const port = await gateway.open({ id: ROUTE.computeId, name: ROUTE.name, port: 0 });
    const nobody = {
      connections: null,
      sessions: 0,
      lastActivityMs: null,
      firstIn: null,
      blockers: [],
      hasUnknownSessions: false,
    };
    expect(await gateway.facts('c1')).toEqual(nobody);
    expect(await gateway.facts('c2')).toEqual(nobody);

    const login = { host: '127.0.0.1', port, user: 'app', password: USERS.app, capabilities: CLIENT_CAPABILITIES };
    await using client = await loginRawClient(login);
    const there = await gateway.facts('c1');
    expect(there).toMatchObject({ sessions: 1, blockers: [], hasUnknownSessions: false });
    expect(there.firstIn?.loginMs).toBeGreaterThan(0);
    expect(await gateway.sessionCounts()).toEqual(new Map([['c1', 1]]));

    expect(await gateway.hold('c1')).toEqual(there);
    host.isActive = false;
    await gateway.parkSessions('c1', 'suspended');
    await untilSo(async () => backend.connections.size === 0);
    gateway.release('c1');
    client.send(Buffer.of(Command.QUERY, 0x78));
    expect((await client.read()).payload[0]).toBe(OK_HEADER);
    expect(host.wakes).toBe(2);
    expect((await gateway.facts('c1')).hasUnknownSessions).toBe(true);

    gateway.endSessions('c1', 'the server went away');
    await untilSo(async () => (await gateway.facts('c1')).sessions === 0);
    await gateway.close('c1');
    expect(await gateway.sessionCounts()).toEqual(new Map());
    await expect(loginRawClient(login)).rejects.toThrow();
    expect(await gateway.shutDown()).toEqual({ atSafePoints: 0, cutShort: 0 });
  });
});
