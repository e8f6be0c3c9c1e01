import { once } from 'node:events';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Command, isErr, OK_HEADER, readErr, writeEof, writePacket } from '../../../src/lib/mysql/index.ts';
import { okPacket } from '../../support/fake-backend.ts';
import { CLIENT_CAPABILITIES, startGatewayHarness, until } from '../../support/gateway-harness.ts';
import { loginRawClient } from '../../support/raw-client.ts';

const query = (sql: string): Buffer => Buffer.concat([Buffer.of(Command.QUERY), Buffer.from(sql)]);
const definition = Buffer.from('\x03def\0\0\0\x01a', 'latin1');
const eof = writeEof({ warnings: 0, status: 2 });

describe('a session', () => {
  it('passes commands and answers on untouched, however they are cut', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login();
    const commands = ['SELECT 1', 'KILL', ' SELECT 2', '-- x\nSELECT 3', 'K', ''].map(query);
    const bytes = Buffer.concat(commands.map((command) => writePacket(command, 0)));
    for (const byte of bytes) {
      client.socket.write(Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const _command of commands) expect((await client.read()).payload).toEqual(okPacket());
    expect(harness.backend.commands).toEqual(
      commands.map((command) => `QUERY ${command.toString('latin1', 1)}`.trim()),
    );
  });

  it('passes a large command and a large answer on whole, in bounded memory', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login();
    const large = Buffer.alloc(20 * 2 ** 20, 'x');
    harness.backend.answer = () => [
      Buffer.of(1),
      definition,
      eof,
      Buffer.concat([Buffer.of(0xfd, 0xff, 0xff, 0xff), large]),
      eof,
    ];
    client.send(Buffer.concat([query('SELECT '), large]));
    for (const expected of [1, definition.length, eof.length, large.length + 4, eof.length])
      expect((await client.read()).payload.length).toBe(expected);
    expect(harness.backend.commands[0]?.length).toBe('QUERY SELECT '.length + large.length);
    await until(() => harness.gateway.blockers('c1', 'frozen').length === 0);
  });

  it('does not run ahead of a client that reads slowly', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login();
    const row = Buffer.concat([Buffer.of(0xfd, 0, 0, 0x10), Buffer.alloc(2 ** 20, 'x')]);
    harness.backend.answer = () => [Buffer.of(1), definition, eof, ...Array.from({ length: 64 }, () => row), eof];
    client.socket.pause();
    client.send(query('SELECT a FROM t'));
    // Until the buffers of the sockets are full nothing stops; after that nothing goes on.
    let before = -1;
    await until(() => harness.gateway.traffic('c1').bytesOut > 0);
    while (before !== harness.gateway.traffic('c1').bytesOut) {
      before = harness.gateway.traffic('c1').bytesOut;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(before).toBeLessThan(32 * 2 ** 20);
    client.socket.resume();
    for (let packets = 0; packets < 64 + 4; packets++) await client.read();
    expect(harness.gateway.blockers('c1', 'frozen')).toEqual([]);
  });

  it('whose server is lost before its answer gets an error, and ends', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login();
    harness.backend.answer = (_payload, socket) => {
      socket.destroy();
      return [];
    };
    client.send(query('SELECT 1'));
    const { payload, sequence } = await client.read();
    expect(readErr(payload)).toMatchObject({ errno: 2013 });
    expect(sequence).toBe(1);
    await once(client.socket, 'close');
    expect(harness.backend.commands.length).toBe(1);
  });

  it('whose server is lost between two rows gets an error as the next packet', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login();
    harness.backend.answer = (_payload, socket) => {
      socket.end(
        Buffer.concat(
          [Buffer.of(1), definition, eof, Buffer.from('\x011')].map((payload, index) =>
            writePacket(payload, index + 1),
          ),
        ),
      );
      return [];
    };
    client.send(query('SELECT a FROM t'));
    for (let packets = 0; packets < 4; packets++) await client.read();
    const { payload, sequence } = await client.read();
    expect([isErr(payload), sequence]).toEqual([true, 5]);
  });

  it('whose server is lost inside a row is cut off', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login();
    harness.backend.answer = (_payload, socket) => {
      socket.end(Buffer.concat([writePacket(Buffer.of(1), 1), writePacket(definition, 2), Buffer.of(200, 0, 0, 3, 1)]));
      return [];
    };
    client.send(query('SELECT a FROM t'));
    for (let packets = 0; packets < 2; packets++) await client.read();
    await expect(client.read()).rejects.toThrow('closed the connection');
  });

  it('whose client vanishes lets go of its server', async () => {
    await using harness = await startGatewayHarness();
    const client = await harness.login();
    harness.backend.answer = () => [];
    client.send(query('SELECT SLEEP(9)'));
    await until(() => harness.backend.commands.length === 1);
    client.socket.resetAndDestroy();
    await until(() => harness.backend.connections.size === 0 && harness.gateway.sessionCount('c1') === 0);
    expect(harness.gateway.blockers('c1', 'parked')).toEqual([]);
  });
});

describe('a session that gets garbage', () => {
  it('passes it on, is busy for ever rather than idle by mistake, and breaks nothing', async () => {
    await using harness = await startGatewayHarness();
    const garbage = fc.uint8Array({ minLength: 6, maxLength: 300 });
    for (const [fromClient, fromServer] of fc.sample(fc.tuple(garbage, garbage), 100)) {
      const client = await harness.login();
      harness.backend.answer = () => [okPacket()];
      client.send(query('SELECT 1'));
      await client.read();
      for (const socket of harness.backend.connections) socket.write(fromServer);
      client.socket.write(fromClient);
      await new Promise((resolve) => setTimeout(resolve, 2));
      await client[Symbol.asyncDispose]();
    }
    await until(() => harness.gateway.sessionCount('c1') === 0 && harness.backend.connections.size === 0);
    expect(harness.gateway.blockers('c1', 'parked')).toEqual([]);
    await using client = await harness.login();
    expect(client.ok[0]).toBe(OK_HEADER);
  });
});

describe('a KILL', () => {
  it('of an id that the gateway gave goes to the server with its own', async () => {
    await using harness = await startGatewayHarness();
    await using victim = await harness.login();
    await using killer = await harness.login();
    const { connectionId } = victim.greeting;
    killer.send(query(`KILL QUERY ${String(connectionId)}`));
    await killer.read();
    const binary = Buffer.alloc(5, Command.PROCESS_KILL);
    binary.writeUInt32LE(connectionId, 1);
    killer.send(binary);
    await killer.read();
    killer.send(query('KILL 12345'));
    await killer.read();
    expect(harness.backend.commands).toEqual([
      'QUERY KILL QUERY 1',
      `PROCESS_KILL ${Buffer.from([1, 0, 0, 0]).toString('latin1')}`.trim(),
      'QUERY KILL 12345',
    ]);
  });
});

describe('a change of user', () => {
  const change = (user: string): Buffer =>
    Buffer.concat([Buffer.of(Command.CHANGE_USER), Buffer.from(`${user}\0`), Buffer.alloc(4)]);

  it('is named with the compute on the shared port', async () => {
    await using harness = await startGatewayHarness();
    await using client = await loginRawClient({
      host: '127.0.0.1',
      port: harness.gateway.sharedPort,
      user: 'app.shop',
      password: 'secret',
      capabilities: CLIENT_CAPABILITIES,
    });
    client.send(change('other.shop'));
    expect((await client.read()).payload[0]).toBe(OK_HEADER);
    expect(harness.backend.commands[0]).toMatch(/^CHANGE_USER other\0/);
  });

  it('to the agent is refused', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login();
    client.send(change('doze_agent'));
    expect(readErr((await client.read()).payload).errno).toBe(1045);
    await once(client.socket, 'close');
    expect(harness.backend.commands).toEqual([]);
  });
});

describe('the ports', () => {
  it('are chosen anew when they are taken, and given back', async () => {
    await using first = await startGatewayHarness();
    await using second = await startGatewayHarness();
    const port = await second.gateway.open({ id: 'c2', name: 'other', port: first.port });
    expect(port).not.toBe(first.port);
    expect(await second.gateway.open({ id: 'c2', name: 'other', port: first.port })).toBe(port);
    await second.gateway.close('c2');
    expect(await first.gateway.open({ id: 'c3', name: 'third', port })).toBe(port);
  });

  it('of a compute that is closed end its sessions', async () => {
    await using harness = await startGatewayHarness();
    await using client = await harness.login();
    await harness.gateway.close('c1');
    expect(readErr((await client.read()).payload).errno).toBe(1927);
    await expect(harness.connect()).rejects.toThrow('ECONNREFUSED');
  });
});
