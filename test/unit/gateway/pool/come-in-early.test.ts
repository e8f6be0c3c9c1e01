import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { Command, isErr, readErr, TextResultReader, writeErr } from '../../../../src/lib/mysql/index.ts';
import {
  CLIENT_CAPABILITIES,
  startGatewayHarness,
  until,
  type GatewayHarness,
} from '../../../support/gateway-harness.ts';
import { makeModelServer } from '../../../support/model-server.ts';
import type { RawClient } from '../../../support/raw-client.ts';

const POOL = { size: 1, waitMs: 60_000, idleMs: 600_000 };

let harness: GatewayHarness;

beforeEach(async () => {
  harness = await startGatewayHarness();
  makeModelServer(harness.backend);
});
afterEach(() => harness[Symbol.asyncDispose]());

const query = (sql: string): Buffer => Buffer.concat([Buffer.of(Command.QUERY), Buffer.from(sql)]);

async function ask(client: RawClient, sql: string): Promise<string | null> {
  client.send(query(sql));
  const reader = new TextResultReader(CLIENT_CAPABILITIES, 10_000);
  for (;;) {
    const answer = reader.push((await client.read()).payload);
    if (answer === null) continue;
    if (answer.kind === 'err') throw new Error(answer.err.message);
    return answer.kind === 'ok' ? null : (answer.rows[0]?.[0]?.toString() ?? null);
  }
}

async function sleep(): Promise<void> {
  const { gateway, host, backend } = harness;
  gateway.hold('c1');
  await gateway.lookAtSessions('c1', { mayHideState: false });
  host.isActive = false;
  gateway.parkSessions('c1', 'suspended');
  gateway.release('c1');
  await until(() => backend.connections.size === 0);
  host.wakes = 0;
}

async function seenBefore(...commands: readonly string[]): Promise<void> {
  harness.host.isActive = true;
  const client = await harness.login();
  for (const sql of commands) await ask(client, sql);
  await client[Symbol.asyncDispose]();
  await until(() => harness.gateway.sessionCount('c1') === 0);
  await sleep();
}

describe('sessions that came in while their server slept, and share connections', () => {
  it('take one with their first command, and are set up there as they were told', async () => {
    harness.host.connectionPool = POOL;
    await seenBefore('SET NAMES utf8mb4');
    const heardBefore = harness.backend.commands.length;
    const clients = [await harness.login(), await harness.login(), await harness.login()];
    for (const client of clients) await ask(client, 'SET NAMES utf8mb4');
    expect(harness.host.wakes).toBe(0);
    expect(harness.gateway.connectionPool('c1')).toMatchObject({ inUse: 0, idle: 0 });

    await Promise.all(clients.map((client, index) => ask(client, `SET @x = ${index}`)));
    expect(await Promise.all(clients.map((client) => ask(client, 'SELECT x')))).toEqual(['0', '1', '2']);
    expect(harness.host.wakes).toBe(1);
    expect(harness.backend.connections.size).toBe(1);
    const heard = harness.backend.commands.slice(heardBefore);
    expect(heard.filter((command) => command === 'QUERY SET NAMES utf8mb4')).toHaveLength(clients.length);
    for (const client of clients) client.socket.destroy();
  });

  it('are told so when the server does not welcome them any more', async () => {
    harness.host.connectionPool = POOL;
    await seenBefore();
    await using client = await harness.login();
    harness.backend.refusal = writeErr({ errno: 1049, sqlState: '42000', message: "Unknown database 'shop'" });
    client.send(query('SELECT x'));
    const { payload } = await client.read();
    expect(isErr(payload) && readErr(payload).message).toContain("Unknown database 'shop'");
  });
});

describe('a session that came in early and was at its server since', () => {
  it.each([
    ['with a connection of its own', null],
    ['with shared ones', POOL],
  ])('asks the server itself: %s', async (_how, pool) => {
    harness.host.connectionPool = pool;
    await seenBefore('SELECT @@autocommit');
    await using client = await harness.login();
    await ask(client, 'UPDATE 1');
    expect(harness.host.wakes).toBe(1);
    await sleep();
    await ask(client, 'SELECT @@autocommit');
    expect(harness.host.wakes).toBe(1);
  });
});
