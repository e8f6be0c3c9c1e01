import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import * as mariadb from 'mariadb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ensureDebian13, type Debian13 } from '../../support/environment/debian-13.ts';
import { ensureServerPlugin } from '../../support/environment/server-plugins.ts';
import { startGatewayOverServer, type GatewayOverServer } from '../../support/gateway-over-server.ts';
import { createTestTls } from '../../support/tls-certificate.ts';

const run = promisify(execFile);
const tls = createTestTls();
let debian13: Debian13;

beforeAll(async () => {
  debian13 = await ensureDebian13();
});

/** Of each kind: what the server is, and the methods by which its clients sign. */
const SERVERS = [
  ['10.11', () => ({ serverArguments: [`--plugin-dir=${ensureServerPlugin('auth_ed25519')}`] }), ['ed25519']],
  ['11.8', () => ({ program: debian13.server }), ['ed25519', 'parsec']],
] as const;

describe.each(SERVERS)('accounts of a server of %s', (_line, server, methods) => {
  let over: GatewayOverServer;

  beforeAll(async () => {
    over = await startGatewayOverServer(server(), { tls });
    for (const method of methods) {
      await over.server.run(
        `INSTALL SONAME 'auth_${method}'`,
        `CREATE USER ${method}@'%' IDENTIFIED VIA ${method} USING PASSWORD('curve')`,
        `CREATE USER both_${method}@'%' IDENTIFIED VIA ${method} USING PASSWORD('curve') ` +
          "OR mysql_native_password USING PASSWORD('plain')",
        `CREATE USER locked_${method}@'%' IDENTIFIED VIA ${method} USING PASSWORD('curve') ACCOUNT LOCK`,
      );
    }
    await over.server.run(
      "CREATE USER locked@'%' IDENTIFIED BY 'plain' ACCOUNT LOCK",
      "CREATE USER expired@'%' IDENTIFIED BY 'plain' PASSWORD EXPIRE",
      "CREATE USER secured@'%' IDENTIFIED BY 'plain' REQUIRE SSL",
    );
    await over.host.refreshAccounts('c1');
  });
  afterAll(() => over[Symbol.asyncDispose]());

  const sleepIf = async (isAsleep: boolean): Promise<number> => {
    if (over.host.isActive && isAsleep) await over.freeze();
    if (!isAsleep) await over.host.wake('c1', AbortSignal.timeout(10_000));
    return over.host.wakes;
  };
  const settings = (user: string, password: string, more: object = {}) => ({
    host: '127.0.0.1',
    port: over.port,
    user,
    password,
    // A refusal is held back for longer than the connector's own.
    connectTimeout: 10_000,
    ...more,
  });
  /** Who it is for the server; errno where it is nobody. */
  const whoIs = async (user: string, password: string, more: object = {}): Promise<string> => {
    try {
      const connection = await mariadb.createConnection(settings(user, password, more));
      const rows = await connection
        .query<{ u: string }[]>('SELECT CURRENT_USER() AS u')
        .finally(() => connection.end());
      return rows[0]?.u ?? '';
    } catch (error) {
      return String((error as { errno: number }).errno);
    }
  };
  const directly = (user: string, password: string) => whoIs(user, password, { port: over.server.port });

  describe.each(methods)('by %s', (method) => {
    it.each([true, false])('let the right password in, asleep: %s', async (isAsleep) => {
      await sleepIf(isAsleep);
      expect(await whoIs(method, 'curve')).toBe(`${method}@%`);
      await sleepIf(isAsleep);
      expect(await whoIs(method, 'curve', { ssl: { ca: tls.certificate } })).toBe(`${method}@%`);
    });

    it('wake nothing for a wrong password, an empty one or a name that is nobody’s', async () => {
      const wakes = await sleepIf(true);
      expect(await whoIs(method, 'line')).toBe('1045');
      expect(await whoIs(method, '')).toBe('1045');
      expect(await whoIs(`no_${method}`, 'curve')).toBe('1045');
      expect(over.host.wakes).toBe(wakes);
    });

    it.each([true, false])('and by a native password, let each of them in, asleep: %s', async (isAsleep) => {
      for (const password of ['plain', 'curve']) {
        await sleepIf(isAsleep);
        expect(await whoIs(`both_${method}`, password)).toBe(`both_${method}@%`);
      }
      const wakes = await sleepIf(isAsleep);
      expect(await whoIs(`both_${method}`, 'neither')).toBe('1045');
      expect(over.host.wakes).toBe(wakes);
    });

    it.each([true, false])('say that they are locked as the server does, asleep: %s', async (isAsleep) => {
      await sleepIf(false);
      const said = [await directly(`locked_${method}`, 'curve'), await directly(`locked_${method}`, 'line')];
      expect(said).toEqual(['4151', '1045']);
      const wakes = await sleepIf(isAsleep);
      expect([await whoIs(`locked_${method}`, 'curve'), await whoIs(`locked_${method}`, 'line')]).toEqual(said);
      expect(over.host.wakes).toBe(wakes);
    });

    it('are taken by the command line client of 11.8 over TLS with nothing configured', async () => {
      for (const isAsleep of [true, false]) {
        await sleepIf(isAsleep);
        const login = ['--no-defaults', '--host=127.0.0.1', `--port=${String(over.port)}`, `--user=${method}`];
        const query = ['--password=curve', '--batch', '--skip-column-names', '--execute', 'SELECT CURRENT_USER()'];
        expect((await run(debian13.client, [...login, ...query])).stdout).toBe(`${method}@%\n`);
      }
    });
  });

  it.each([true, false])(
    'that are locked, expired or demand TLS are refused as by the server, asleep: %s',
    async (is) => {
      await sleepIf(false);
      for (const user of ['locked', 'secured', 'expired']) {
        for (const password of ['plain', 'wrong']) {
          await sleepIf(false);
          const said = await directly(user, password);
          const wakes = await sleepIf(is);
          expect([user, password, await whoIs(user, password)]).toEqual([user, password, said]);
          // Only the server knows whether its default lets an expired password in.
          expect(over.host.wakes - wakes).toBe(is && user === 'expired' && password === 'plain' ? 1 : 0);
        }
      }
    },
  );

  it('that demand TLS are told what to do about it, over TLS too, where their server speaks none', async () => {
    const login = mariadb.createConnection(settings('secured', 'plain', { ssl: { ca: tls.certificate } }));
    await expect(login).rejects.toThrow(
      /requires TLS, and the server of compute "shop" began without.*doze compute suspend/,
    );
  });
});
