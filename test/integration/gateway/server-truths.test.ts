import * as mariadb from 'mariadb';
import * as callbacks from 'mysql2';
import * as mysql2 from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createSystemClock } from '../../../src/lib/clock.ts';
import { createMariaDbEngine } from '../../../src/lib/engines/index.ts';
import {
  candidateAccounts,
  Command,
  DEFAULT_CAPABILITIES,
  ExtendedCapability,
  OK_HEADER,
  readOk,
  withoutTransforms,
} from '../../../src/lib/mysql/index.ts';
import { ensureDebian13, type Debian13 } from '../../support/environment/debian-13.ts';
import { ensureServerPlugin } from '../../support/environment/server-plugins.ts';
import { startGatewayOverServer, type GatewayOverServer } from '../../support/gateway-over-server.ts';
import { CLIENT_CAPABILITIES } from '../../support/gateway-harness.ts';
import { ROOT_PASSWORD } from '../../support/mariadb-server.ts';
import { loginRawClient, openRawClient } from '../../support/raw-client.ts';

let debian13: Debian13;
beforeAll(async () => {
  debian13 = await ensureDebian13();
});

const SERVERS = [
  ['10.11', () => ({ serverArguments: [`--plugin-dir=${ensureServerPlugin('auth_ed25519')}`] }), 0],
  ['11.8', () => ({ program: debian13.server }), ExtendedCapability.BULK_UNIT_RESULTS],
] as const;

/** Facts of the server that the gateway stands on; measured on every version that doze supports. */
describe.each(SERVERS)('a server of %s', (_line, options, more) => {
  let over: GatewayOverServer;

  beforeAll(async () => {
    over = await startGatewayOverServer(options());
    await over.server.run(
      "INSTALL SONAME 'auth_ed25519'",
      "CREATE USER app@'%' IDENTIFIED BY 'secret'",
      "GRANT ALL ON *.* TO app@'%'",
    );
  });
  afterAll(() => over[Symbol.asyncDispose]());

  const settings = () => ({ host: '127.0.0.1', port: over.port, user: 'app', password: 'secret' });
  const direct = () => ({ host: over.server.host, port: over.server.port });

  describe('the server', () => {
    it('offers what the gateway offers before it has ever seen one', async () => {
      await using client = await openRawClient(direct());
      const { base, extended } = DEFAULT_CAPABILITIES;
      expect(withoutTransforms(client.greeting.capabilities)).toEqual({ base, extended: extended | more });
    });

    it('is greeted for, byte by byte, but for id and scramble', async () => {
      await using client = await openRawClient(direct());
      await using copy = await openRawClient({ host: '127.0.0.1', port: over.port });
      const { serverVersion, plugin, status } = client.greeting;
      expect(copy.greeting).toMatchObject({ plugin, status });
      expect(serverVersion).toMatch(/^\d+\.\d+\.\d+-MariaDB/);
    });

    it('tells the transaction’s state in the OK of a ping', async () => {
      await using client = await loginRawClient({
        ...direct(),
        user: 'root',
        password: ROOT_PASSWORD,
        capabilities: CLIENT_CAPABILITIES,
      });
      client.send(Buffer.concat([Buffer.of(Command.QUERY), Buffer.from('BEGIN')]));
      await client.read();
      client.send(Buffer.of(Command.PING));
      const { payload } = await client.read();
      expect([payload[0], readOk(payload).status & 1]).toEqual([OK_HEADER, 1]);
    });

    it('tries accounts in the order that the gateway thinks', async () => {
      const hosts = [
        '127.0.0.1',
        '127.0.0.0/255.255.255.0',
        '127.0.0._',
        '127.0.0.%',
        '127.0._.1',
        '127.%.1',
        '127.%',
        '1__.0.0.1',
        '1%1',
        '%.1',
        '%',
      ];
      const root = await over.server.asRoot();
      // Else the anonymous account below, whose host is more specific, would stand before root's.
      await root.run(`GRANT ALL ON *.* TO root@'127.0.0.1' IDENTIFIED BY '${ROOT_PASSWORD}' WITH GRANT OPTION`);
      for (const host of hosts) await root.run(`CREATE USER ordered@'${host}' IDENTIFIED BY 'x'`);
      await root.run(`CREATE USER ''@'127.0.0._' IDENTIFIED BY 'x'`);
      const engine = createMariaDbEngine({ clock: createSystemClock() });
      const agent = { ...direct(), user: 'root', password: ROOT_PASSWORD };
      const remaining = [...hosts];
      const order: string[] = [];
      while (remaining.length > 0) {
        const { accounts } = await engine.readAccounts(agent, AbortSignal.timeout(10_000));
        const ours = candidateAccounts(accounts, 'ordered', '127.0.0.1').map(({ user, host }) => `${user}@${host}`);
        const connection = await mysql2.createConnection({ ...direct(), user: 'ordered', password: 'x' });
        const [rows] = await connection.query('SELECT CURRENT_USER() AS u');
        await connection.end();
        const theirs = (rows as { u: string }[])[0]?.u ?? '';
        expect(ours).toContain(theirs);
        // Only an address and a network that contains it are alike to the server.
        expect(ours.length).toBeLessThanOrEqual(theirs.includes('127.0.0.1') || theirs.includes('/') ? 2 : 1);
        order.push(theirs);
        const host = theirs.slice(theirs.indexOf('@') + 1);
        await root.run(`DROP USER '${theirs.slice(0, theirs.indexOf('@'))}'@'${host}'`);
        if (theirs.startsWith('ordered')) remaining.splice(remaining.indexOf(host), 1);
      }
      await root.run("DROP USER root@'127.0.0.1'");
      await root.close();
      expect(order.at(-1)).toBe('ordered@%');
      expect(order.length).toBe(hosts.length + 1);
    });
  });

  describe('an account that only the server can check', () => {
    it('wakes it and has its own exchange with it', async () => {
      await over.server.run("CREATE USER ed@'%' IDENTIFIED VIA ed25519 USING PASSWORD('curve')");
      await over.host.refreshAccounts('c1');
      await over.freeze();
      const wakes = over.host.wakes;
      const login = (password: string) => mariadb.createConnection({ ...settings(), user: 'ed', password });
      const connection = await login('curve');
      expect(await connection.query('SELECT CURRENT_USER() AS u')).toEqual([{ u: 'ed@%' }]);
      expect(over.host.wakes).toBe(wakes + 1);
      await connection.end();
      await expect(login('line')).rejects.toMatchObject({ errno: 1045 });
    });

    it('may have the native password beside the other method', async () => {
      await over.server.run(
        "CREATE USER twofold@'%' IDENTIFIED VIA ed25519 USING PASSWORD('curve') OR mysql_native_password USING PASSWORD('plain')",
      );
      await over.host.refreshAccounts('c1');
      const connection = await mysql2.createConnection({ ...settings(), user: 'twofold', password: 'plain' });
      expect((await connection.query('SELECT CURRENT_USER() AS u'))[0]).toEqual([{ u: 'twofold@%' }]);
      await connection.end();
    });
  });

  describe('a long result', () => {
    it('of 100 MB passes in bounded memory', async () => {
      const connection = callbacks.createConnection(settings());
      const before = process.memoryUsage().rss;
      let bytes = 0;
      let most = before;
      const stream = connection.query("SELECT REPEAT('x', 1000) AS r FROM shop.seq_1_to_100000").stream();
      for await (const row of stream as AsyncIterable<{ r: string }>) {
        bytes += row.r.length;
        if (bytes % 5_000_000 === 0) most = Math.max(most, process.memoryUsage().rss);
      }
      expect(bytes).toBe(100_000_000);
      // The client lives in this process too: what is bounded is far below the result.
      expect(most - before).toBeLessThan(80 * 2 ** 20);
      expect(over.gateway.traffic('c1').bytesOut).toBeGreaterThan(100_000_000);
      connection.destroy();
    });
  });
});
