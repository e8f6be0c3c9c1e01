import { describe, expect, it } from 'vitest';

import { slotOf } from '../../../../src/lib/gateway/connection-ids.ts';
import { Command } from '../../../../src/lib/mysql/index.ts';
import { makeModelServer } from '../../../support/model-server.ts';
import {
  startThreadedHarness,
  untilSo,
  type LoggedIn,
  type ThreadedHarness,
} from '../../../support/threaded-harness.ts';

const POOL = { size: 2, waitMs: 60_000, idleMs: 600_000 };

async function update(client: LoggedIn): Promise<void> {
  client.send(Buffer.concat([Buffer.of(Command.QUERY), Buffer.from('UPDATE 1')]));
  await client.read();
}

/** Two clients at each of two threads. */
async function twoAtEach(harness: ThreadedHarness): Promise<readonly [LoggedIn[], LoggedIn[]]> {
  const bySlot: [LoggedIn[], LoggedIn[]] = [[], []];
  while (bySlot.some((clients) => clients.length < 2)) {
    const client = await harness.login();
    const clients = bySlot[slotOf(client.greeting.connectionId) === 0 ? 0 : 1];
    if (clients.length < 2) clients.push(client);
    else await client[Symbol.asyncDispose]();
  }
  return bySlot;
}

describe('connections that sessions of several threads share', () => {
  it('are so many in all, a part of them at each thread', async () => {
    await using harness = await startThreadedHarness(2);
    makeModelServer(harness.backend);
    harness.host.connectionPool = POOL;
    const clients = (await twoAtEach(harness)).flat();
    for (let round = 0; round < 3; round += 1) await Promise.all(clients.map(update));
    expect(harness.backend.connections.size).toBe(2);
    const { connections } = await harness.gateway.facts('c1');
    expect(connections).toMatchObject({ size: 2, inUse: 0, idle: 2, waiting: 0 });
    expect(await harness.gateway.connectionPools()).toEqual(new Map([['c1', connections]]));
    for (const client of clients) client.socket.destroy();
  });

  it('are so many for people too while one thread has no session', async () => {
    await using harness = await startThreadedHarness(2);
    makeModelServer(harness.backend);
    harness.host.connectionPool = { ...POOL, size: 6 };
    const client = await harness.login();
    await update(client);
    expect((await harness.gateway.facts('c1')).connections).toMatchObject({ size: 6, inUse: 0, idle: 1 });
    client.socket.destroy();
  });

  it('are looked at anew by all threads after a session of one may have made a routine', async () => {
    await using harness = await startThreadedHarness(2);
    makeModelServer(harness.backend);
    const { host } = harness;
    host.connectionPool = POOL;
    let reads = 0;
    host.readRoutineEffects = () => {
      reads += 1;
      return Promise.resolve('none');
    };
    const [ours, theirs] = await twoAtEach(harness);
    const useTheirs = async (): Promise<void> => {
      for (const client of theirs) await update(client);
    };
    await useTheirs();
    const before = reads;
    await useTheirs();
    expect(reads).toBe(before);
    ours[0]!.send(Buffer.concat([Buffer.of(Command.QUERY), Buffer.from('CREATE PROCEDURE p() SELECT 1')]));
    await ours[0]!.read();
    const after = reads;
    await untilSo(async () => {
      await useTheirs();
      return reads > after;
    });
    for (const client of [...ours, ...theirs]) client.socket.destroy();
  });
});
