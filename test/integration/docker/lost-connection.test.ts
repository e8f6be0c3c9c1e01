import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createSystemClock } from '../../../src/lib/clock.ts';
import { createDockerDriver, type InstanceChange } from '../../../src/lib/drivers/index.ts';
import { verbContext } from '../../contract/driver-harness.ts';
import { openDockerBench, type DockerBench } from '../../support/docker-bench.ts';

/** Stands between the driver and the Docker engine, and can be cut. */
interface Wire {
  readonly path: string;
  open(): Promise<void>;
  cut(): Promise<void>;
}

async function createWire(directory: string): Promise<Wire> {
  const path = join(directory, 'docker.sock');
  const sockets = new Set<Socket>();
  let server: Server | null = null;
  const relay = (client: Socket): void => {
    const engine = connect('/var/run/docker.sock');
    for (const [from, to] of [
      [client, engine],
      [engine, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
      from.pipe(to);
    }
  };
  const wire: Wire = {
    path,
    open: () => new Promise((resolve) => (server = createServer(relay).listen(path, resolve))),
    cut: () =>
      new Promise((resolve) => {
        server?.close(() => resolve());
        for (const socket of sockets) socket.destroy();
        sockets.clear();
      }),
  };
  await wire.open();
  return wire;
}

let directory = '';
let wire: Wire;
let opened: DockerBench;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'doze-wire-'));
  wire = await createWire(directory);
  opened = await openDockerBench(({ engine, homeId }) =>
    createDockerDriver(
      { engine, clock: createSystemClock() },
      { homeId, environment: { DOCKER_HOST: `unix://${wire.path}` }, pull: false, platform: 'linux' },
    ),
  );
});
afterAll(async () => {
  await opened[Symbol.asyncDispose]();
  await wire.cut();
  await rm(directory, { recursive: true });
});

describe('a Docker engine that goes away and comes back', () => {
  it('is reported as such, with its address, while it is away', async () => {
    await wire.cut();
    const health = await opened.bench.driver.probe(verbContext().signal);
    await wire.open();
    expect(health).toMatchObject({ isUsable: false, problem: { code: 'DOCKER_UNAVAILABLE' } });
    expect(health.problem?.message).toContain(wire.path);
    expect(await opened.bench.driver.probe(verbContext().signal)).toMatchObject({ isUsable: true });
  });

  it('makes the watcher look at everything again, and then go on', async () => {
    const { bench } = opened;
    const subject = await bench.launch();
    const seen: InstanceChange[] = [];
    const resyncs = Promise.withResolvers<null>();
    using _watch = bench.driver.watch((change) => {
      seen.push(change);
      if (seen.filter(({ kind }) => kind === 'resync').length === 2) resyncs.resolve(null);
      else if (seen.length === 1) void wire.cut().then(wire.open);
    });
    await resyncs.promise;
    await bench.nextChange(
      subject,
      () => bench.killServer(subject),
      ({ kind }) => kind === 'ended',
    );
    expect(seen.map(({ kind }) => kind)).toContain('ended');
  });
});
