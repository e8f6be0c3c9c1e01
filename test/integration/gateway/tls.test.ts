import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import * as mariadb from 'mariadb';
import * as mysql2 from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { proveCertificate, readOk, stage1Of, stage2Of } from '../../../src/lib/mysql/index.ts';
import { ensureDebian13, type Debian13 } from '../../support/environment/debian-13.ts';
import { startGatewayOverServer, type GatewayOverServer } from '../../support/gateway-over-server.ts';
import { CLIENT_CAPABILITIES } from '../../support/gateway-harness.ts';
import { loginRawTlsClient } from '../../support/raw-tls-client.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';
import { createTestTls } from '../../support/tls-certificate.ts';

const run = promisify(execFile);
const tls = createTestTls();
const directory = createTemporaryDirectory();
const ca = join(directory.path, 'ca.pem');
let debian13: Debian13;

beforeAll(async () => {
  writeFileSync(ca, tls.certificate);
  debian13 = await ensureDebian13();
});
afterAll(() => directory[Symbol.dispose]());

/** Of each kind, with what the server is. */
const SERVERS = [
  ['10.11', () => undefined],
  ['11.8', () => debian13.server],
] as const;

describe.each(SERVERS)('TLS before a server of %s', (line, program) => {
  let over: GatewayOverServer;

  beforeAll(async () => {
    const server = program();
    over = await startGatewayOverServer(server === undefined ? {} : { program: server }, { tls });
    await over.server.run(
      "CREATE USER app@'%' IDENTIFIED BY 'secret'",
      "GRANT ALL ON *.* TO app@'%'",
      'CREATE TABLE shop.t (a INT PRIMARY KEY, b VARCHAR(40))',
      "INSERT INTO shop.t VALUES (1, 'one'), (2, 'two')",
    );
  });
  afterAll(() => over[Symbol.asyncDispose]());

  const settings = () => ({ host: '127.0.0.1', port: over.port, user: 'app', password: 'secret', database: 'shop' });
  const cli = async (client: string, ...args: readonly string[]): Promise<string> => {
    const all = ['--no-defaults', '--host=127.0.0.1', `--port=${String(over.port)}`, '--user=app', '--password=secret'];
    const { stdout } = await run(client, [...all, '--batch', '--skip-column-names', ...args]);
    return stdout;
  };

  it('is behind the version that the tests think', async () => {
    const root = await over.server.asRoot();
    const [row] = await root.queryRows('SELECT VERSION() AS version');
    await root.close();
    expect(row?.['version']).toMatch(new RegExp(`^${line.replace('.', '\\.')}\\.\\d+-MariaDB`));
  });

  it('is taken by mysql2, which knows the certificate, also asleep', async () => {
    const first = await mysql2.createConnection({ ...settings(), ssl: { ca: tls.certificate } });
    expect((await first.query('SELECT b FROM t WHERE a = 1'))[0]).toEqual([{ b: 'one' }]);
    await over.freeze();
    const { wakes } = over.host;
    const second = await mysql2.createConnection({ ...settings(), ssl: { ca: tls.certificate } });
    expect((await second.execute('SELECT b FROM t WHERE a = ?', [2]))[0]).toEqual([{ b: 'two' }]);
    expect((await first.query('SELECT 1 AS x'))[0]).toEqual([{ x: 1 }]);
    expect(over.host.wakes).toBe(wakes + 1);
    await Promise.all([first.end(), second.end()]);
  });

  it('carries a session over a server that was stopped', async () => {
    const connection = await mysql2.createConnection({ ...settings(), ssl: { ca: tls.certificate } });
    await connection.query("SET @kept = 'over TLS'");
    const statement = await connection.prepare('SELECT b, @kept AS k FROM t WHERE a = ?');
    await statement.execute([1]);
    expect(await over.park()).toEqual([]);
    expect((await statement.execute([2]))[0]).toEqual([{ b: 'two', k: 'over TLS' }]);
    await connection.end();
  });

  it('is taken by the npm connector, which knows the certificate, also asleep', async () => {
    await over.freeze();
    const connection = await mariadb.createConnection({ ...settings(), ssl: { ca: tls.certificate } });
    expect(await connection.query('SELECT b FROM t WHERE a = 1')).toEqual([{ b: 'one' }]);
    await connection.batch('INSERT INTO t VALUES (?, ?)', [
      [3, 'three'],
      [4, 'four'],
    ]);
    await connection.query('DELETE FROM t WHERE a > 2');
    await connection.end();
  });

  it('is taken by the command line client of 10.11, which checks the certificate', async () => {
    await over.freeze();
    const args = [`--ssl-ca=${ca}`, '--ssl-verify-server-cert', '--execute'];
    expect(await cli('mariadb', ...args, "SHOW STATUS LIKE 'Ssl_cipher'; SELECT b FROM shop.t WHERE a = 2")).toBe(
      'Ssl_cipher\t\ntwo\n',
    );
  });

  it('is taken by the command line client of 11.8 with nothing configured, and trusted', async () => {
    await over.freeze();
    const { wakes } = over.host;
    expect(await cli(debian13.client, '--execute', '\\s')).toMatch(/SSL:\s+Cipher in use is TLS_AES/);
    expect(over.host.wakes).toBe(wakes + 1);
    expect(await cli(debian13.client, '--execute', 'SELECT b FROM shop.t WHERE a = 1')).toBe('one\n');
    await expect(cli(debian13.client, '--password=wrong', '--execute', 'DO 1')).rejects.toThrow(/ERROR (1045|2026)/);
  });

  it('is refused by the command line client of 11.8 when somebody else’s certificate is asked for', async () => {
    const other = join(directory.path, 'other.pem');
    writeFileSync(other, createTestTls().certificate);
    await expect(cli(debian13.client, `--ssl-ca=${other}`, '--execute', 'DO 1')).rejects.toThrow(/ERROR 2026/);
  });
});

describe('a server of 11.8 that speaks TLS itself', () => {
  let over: GatewayOverServer;

  beforeAll(async () => {
    over = await startGatewayOverServer({ program: debian13.server, serverArguments: ['--ssl'] }, { tls });
    await over.server.run("CREATE USER app@'%' IDENTIFIED BY 'secret'", "GRANT ALL ON *.* TO app@'%'");
  });
  afterAll(() => over[Symbol.asyncDispose]());

  it('proves its certificate as the gateway does', async () => {
    const login = { host: '127.0.0.1', port: over.server.port, user: 'app', password: 'secret' };
    await using client = await loginRawTlsClient({ ...login, capabilities: CLIENT_CAPABILITIES });
    const { rest } = readOk(await client.read());
    const proof = proveCertificate({
      passwordHash: stage2Of(stage1Of('secret')),
      scramble: client.greeting.scramble,
      fingerprint: createHash('sha256').update(client.tls.getPeerX509Certificate()!.raw).digest(),
    });
    expect(rest.toString('latin1')).toBe(Buffer.concat([Buffer.of(proof.length), proof]).toString('latin1'));
  });

  it('is stood for by a gateway that the npm connector trusts with nothing configured, for the password’s sake', async () => {
    await over.freeze();
    const settings = { host: '127.0.0.1', port: over.port, user: 'app', password: 'secret' };
    const connection = await mariadb.createConnection({ ...settings, ssl: true });
    expect(await connection.query('SELECT 1 AS x')).toEqual([{ x: 1 }]);
    await connection.end();
    await over.freeze();
    const { wakes } = over.host;
    await expect(mariadb.createConnection({ ...settings, password: 'wrong', ssl: true })).rejects.toMatchObject({
      sqlState: '08000',
    });
    expect(over.host.wakes).toBe(wakes);
  });
});
