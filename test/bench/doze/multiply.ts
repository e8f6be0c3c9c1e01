import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { createSystemClock } from '../../../src/lib/clock.ts';
import { isProjectEvent, type Compute } from '../../../src/lib/domain/index.ts';
import { createDockerDriver } from '../../../src/lib/drivers/index.ts';
import { createMariaDbEngine } from '../../../src/lib/engines/index.ts';
import { createStore } from '../../../src/lib/store/index.ts';
import { inGroups } from '../by-hand/in-groups.ts';
import { PROJECT, type BenchAgent } from './agent.ts';
import { serverArguments } from './server-arguments.ts';

const AT_A_TIME = 8;

/**
 * Makes a home of one sleeping compute into one of `count`: each has the first one's life on record, a port, secrets and
 * accounts of its own, and an instance that looks like the first one's. Only of the data there is next to none: a
 * thousand databases are a disk full, and nobody looks at them while they sleep.
 */
export async function multiply(agent: BenchAgent, name: string, count: number): Promise<void> {
  await agent.restart(async () => {
    const { model, copies, homeId } = writeRecords(join(agent.home, 'doze.db'), name, count);
    if (model.driver === 'process') for (const { id } of copies) copyDirectories(agent.home, model.id, id);
    else await createContainers(homeId, copies);
  });
}

interface Records {
  readonly homeId: string;
  readonly model: Compute;
  readonly copies: readonly Compute[];
}

function writeRecords(path: string, name: string, count: number): Records {
  const store = createStore({ path });
  try {
    const model = store.findCompute(PROJECT, name);
    if (model === null) throw new Error(`no compute ${name}`);
    const life = store.listEvents({ computeId: model.id });
    const copies = Array.from({ length: count - 1 }, (_, index) => {
      const id = `c${randomBytes(6).toString('hex')}`;
      const own = { id, name: `${name}-${String(index + 1).padStart(4, '0')}`, port: model.port + index + 1 };
      store.putSecrets(id, store.getSecrets(model.id)!);
      store.putAccounts(id, store.getAccounts(model.id)!);
      for (const { event, atMs } of life) {
        if (isProjectEvent(event)) continue;
        const isFirst = event.type === 'createRequested';
        store.append(id, isFirst ? { ...event, spec: { ...event.spec, ...own } } : event, atMs);
      }
      return store.getCompute(id)!;
    });
    return { homeId: store.homeId, model, copies };
  } finally {
    store.close();
  }
}

/** What tells how the server last ran and ended is copied. */
function copyDirectories(home: string, from: string, to: string): void {
  const place = (id: string, part: string): string => join(home, 'computes', id, part);
  mkdirSync(place(to, 'data'), { recursive: true });
  writeFileSync(join(place(to, 'data'), 'doze-initialised'), '1\n');
  for (const part of ['run', 'log']) cpSync(place(from, part), place(to, part), { recursive: true });
}

/** By doze's own driver. They have never run, which Docker tells in as many words. */
async function createContainers(homeId: string, computes: readonly Compute[]): Promise<void> {
  const clock = createSystemClock();
  const driver = createDockerDriver(
    { engine: createMariaDbEngine({ clock }), clock },
    { homeId, environment: process.env, pull: false, platform: process.platform },
  );
  const context = { signal: new AbortController().signal, onProgress: () => undefined };
  await inGroups(AT_A_TIME, computes, async ({ id, name, project, image, engineVersion: version, size }) => {
    const own = { computeId: id, name, project, image, version, cu: size.now };
    const server = {
      serverArguments: serverArguments(size.now),
      initSql: 'SELECT 1;',
      identity: null,
      stateless: null,
    };
    await driver.create({ ...own, ...server }, context);
  });
  await driver.close();
}
