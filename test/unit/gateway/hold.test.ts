import { once } from 'node:events';

import { describe, expect, it } from 'vitest';

import { DozeError } from '../../../src/lib/errors/index.ts';
import { Command, isErr, OK_HEADER, readErr, readOk, ServerStatus } from '../../../src/lib/mysql/index.ts';
import { okPacket } from '../../support/fake-backend.ts';
import { startGatewayHarness, until, type GatewayHarness } from '../../support/gateway-harness.ts';
import type { RawClient } from '../../support/raw-client.ts';

const query = (sql: string): Buffer => Buffer.concat([Buffer.of(Command.QUERY), Buffer.from(sql)]);
const ping = Buffer.of(Command.PING);

async function ask(client: RawClient, payload: Buffer): Promise<Buffer> {
  client.send(payload);
  return (await client.read()).payload;
}

/** As the control plane does it; the connections to the server stay. */
function freeze({ gateway, host }: GatewayHarness): void {
  gateway.hold('c1');
  host.isActive = false;
  gateway.release('c1');
}

describe('a held compute', () => {
  it('gets no command until it is released, and then each session’s in order', async () => {
    await using harness = await startGatewayHarness();
    await using first = await harness.login();
    await using second = await harness.login();
    harness.gateway.hold('c1');
    first.send(query('one'));
    await until(() => harness.gateway.traffic('c1').bytesIn > 0);
    second.send(query('two'));
    await until(() => harness.gateway.traffic('c1').bytesIn > 8);
    first.send(query('three'));
    expect(harness.backend.commands).toEqual([]);
    harness.gateway.release('c1');
    await Promise.all([first.read(), second.read()]);
    await first.read();
    expect(harness.backend.commands.toSorted()).toEqual(['QUERY one', 'QUERY three', 'QUERY two']);
    expect(harness.backend.commands.indexOf('QUERY one')).toBeLessThan(harness.backend.commands.indexOf('QUERY three'));
    expect(harness.host.wakes).toBe(1);
  });

  it('counts what arrives as activity, so that an idle suspend can still be called off', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login();
    const before = harness.gateway.lastActivityMs('c1') ?? 0;
    harness.gateway.hold('c1');
    client.send(query('late'));
    await until(() => (harness.gateway.lastActivityMs('c1') ?? 0) > before);
    harness.gateway.release('c1');
    expect((await client.read()).payload[0]).toBe(OK_HEADER);
  });

  it('lets logins wait for the release', async () => {
    await using harness = await startGatewayHarness();
    harness.host.isActive = true;
    harness.gateway.hold('c1');
    const login = harness.login();
    await until(() => harness.gateway.blockers('c1', 'frozen').length === 1);
    expect(harness.backend.logins).toEqual([]);
    harness.gateway.release('c1');
    await using client = await login;
    expect(client.ok[0]).toBe(OK_HEADER);
    expect(harness.host.wakes).toBe(0);
  });
});

describe('an answer of the control plane that a hold has overtaken', () => {
  it('lets no login through, and is asked for again after the release', async () => {
    await using harness = await startGatewayHarness();
    const answers: (() => void)[] = [];
    harness.host.isActive = true;
    harness.host.activeEndpoint = () =>
      new Promise((resolve) => {
        const { endpoint } = harness.host;
        answers.push(() => resolve(endpoint));
      });
    const login = harness.login();
    await until(() => answers.length === 1);
    harness.gateway.hold('c1');
    answers[0]?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(harness.backend.connections.size).toBe(0);
    harness.gateway.release('c1');
    await until(() => answers.length === 2);
    answers[1]?.();
    await using client = await login;
    expect(client.ok[0]).toBe(OK_HEADER);
  });

  it('is not believed where hold and release came before it', async () => {
    await using harness = await startGatewayHarness();
    const answers: (() => void)[] = [];
    harness.host.activeEndpoint = () =>
      new Promise((resolve) => {
        const isActive = answers.length === 0 || harness.host.wakes > 0;
        answers.push(() => resolve(isActive ? harness.host.endpoint : null));
      });
    const login = harness.login();
    await until(() => answers.length === 1);
    harness.gateway.hold('c1');
    harness.gateway.release('c1');
    answers[0]?.();
    await until(() => answers.length === 2);
    answers[1]?.();
    await until(() => answers.length === 3);
    answers[2]?.();
    await using client = await login;
    expect(client.ok[0]).toBe(OK_HEADER);
    expect(harness.host.wakes).toBe(1);
  });
});

describe('a session whose compute is frozen', () => {
  it('wakes it with its next command, once for all sessions, and goes on', async () => {
    await using harness = await startGatewayHarness();
    const clients = await Promise.all(Array.from({ length: 20 }, () => harness.login()));
    freeze(harness);
    const answers = await Promise.all(clients.map((client, index) => ask(client, query(String(index)))));
    expect(answers.every((answer) => answer[0] === OK_HEADER)).toBe(true);
    expect(harness.host.wakes).toBe(2);
    expect(harness.backend.logins.length).toBe(20);
    for (const client of clients) await client[Symbol.asyncDispose]();
  });

  it('is answered to a ping and a goodbye without a wake', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login();
    harness.backend.answer = () => [okPacket(ServerStatus.AUTOCOMMIT | ServerStatus.IN_TRANSACTION)];
    await ask(client, query('BEGIN'));
    freeze(harness);
    expect(readOk(await ask(client, ping)).status).toBe(ServerStatus.AUTOCOMMIT | ServerStatus.IN_TRANSACTION);
    client.send(Buffer.of(Command.QUIT));
    await once(client.socket, 'close');
    expect(harness.host.wakes).toBe(1);
    expect(harness.backend.commands).toEqual(['QUERY BEGIN']);
    await until(() => harness.backend.connections.size === 0);
  });

  it('gets the reason when the wake fails, and ends', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login();
    freeze(harness);
    harness.host.onWake = () => Promise.reject(new DozeError('SERVER_START_FAILED', 'it did not thaw'));
    const answer = await ask(client, query('SELECT 1'));
    expect(readErr(answer)).toMatchObject({ errno: 1053, message: 'it did not thaw' });
    await once(client.socket, 'close');
    expect(harness.gateway.sessionCount('c1')).toBe(0);
  });

  it('stays held when a suspend comes before the wake is through', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login();
    freeze(harness);
    const wake = Promise.withResolvers<undefined>();
    harness.host.onWake = () => wake.promise;
    client.send(query('SELECT 1'));
    await until(() => harness.host.wakes === 2);
    harness.gateway.hold('c1');
    wake.resolve(undefined);
    await until(() => harness.host.isActive);
    await new Promise((resolve) => setImmediate(resolve));
    expect(harness.backend.commands).toEqual([]);
    harness.gateway.release('c1');
    expect((await client.read()).payload[0]).toBe(OK_HEADER);
  });
});

describe('sessions that are closed for a suspend', () => {
  it('get an error that says what to do', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login();
    harness.gateway.endSessions('c1', 'compute "shop" was suspended; connect again');
    const { payload } = await client.read();
    expect(readErr(payload)).toEqual({
      errno: 1927,
      sqlState: '70100',
      message: 'compute "shop" was suspended; connect again',
    });
    await once(client.socket, 'close');
    expect(harness.gateway.sessionCount('c1')).toBe(0);
    await until(() => harness.backend.connections.size === 0);
  });

  it('may be in the middle of a command: its answer is the error', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login();
    harness.backend.answer = () => [];
    client.send(query('SELECT SLEEP(9)'));
    await until(() => harness.gateway.blockers('c1', 'frozen').length === 1);
    harness.gateway.endSessions('c1', 'compute "shop" was suspended; connect again');
    const { payload, sequence } = await client.read();
    expect([isErr(payload), sequence]).toEqual([true, 1]);
  });
});

describe('what keeps a compute awake', () => {
  it('is a command in flight, at any depth', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login();
    expect(harness.gateway.blockers('c1', 'parked')).toEqual([]);
    harness.backend.answer = () => [];
    client.send(query('SELECT SLEEP(9)'));
    await until(() => harness.gateway.blockers('c1', 'frozen').length > 0);
    const [blocker] = harness.gateway.blockers('c1', 'parked');
    expect(blocker?.kind).toBe('commandInFlight');
    expect(blocker?.client).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  it('is a command that has not come whole', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login();
    client.socket.write(Buffer.from('20000000034142', 'hex'));
    await until(() => harness.gateway.blockers('c1', 'frozen').length === 1);
  });

  it('is an open transaction, where the server’s process would end', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login();
    harness.backend.answer = () => [okPacket(ServerStatus.AUTOCOMMIT | ServerStatus.IN_TRANSACTION)];
    await ask(client, query('BEGIN'));
    expect(harness.gateway.blockers('c1', 'parked').map(({ kind }) => kind)).toEqual(['openTransaction']);
    expect(harness.gateway.blockers('c1', 'frozen')).toEqual([]);
    harness.backend.answer = () => [okPacket()];
    await ask(client, query('COMMIT'));
    expect(harness.gateway.blockers('c1', 'parked')).toEqual([]);
  });

  it('is not a ping: it is no activity', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login();
    const before = harness.gateway.lastActivityMs('c1');
    await ask(client, ping);
    expect(harness.gateway.lastActivityMs('c1')).toBe(before);
    await ask(client, query('SELECT 1'));
    expect(harness.gateway.lastActivityMs('c1')).toBeGreaterThan(before ?? Infinity);
    expect(harness.gateway.traffic('c1')).toMatchObject({ sessions: 1, commands: 1 });
  });
});
