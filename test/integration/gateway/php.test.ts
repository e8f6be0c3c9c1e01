import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { installMissing } from '../../support/environment/packages.ts';
import { startGatewayOverServer, type GatewayOverServer } from '../../support/gateway-over-server.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';
import { createTestTls } from '../../support/tls-certificate.ts';

const SCRIPT = fileURLToPath(new URL('../../fixtures/mysqli.php', import.meta.url));
/** There with each version of it. */
const MYSQLI = '/usr/share/doc/php-mysql';
const tls = createTestTls();
const directory = createTemporaryDirectory();
const ca = join(directory.path, 'ca.pem');
let over: GatewayOverServer;

beforeAll(async () => {
  installMissing([
    { program: 'php', debianPackage: 'php-cli', description: 'PHP' },
    { program: 'mysqli', file: MYSQLI, debianPackage: 'php-mysql', description: 'mysqli for PHP' },
  ]);
  writeFileSync(ca, tls.certificate);
  over = await startGatewayOverServer({}, { tls });
  await over.server.run(
    "CREATE USER app@'%' IDENTIFIED BY 'secret'",
    "GRANT ALL ON shop.* TO app@'%'",
    'CREATE TABLE shop.t (a INT PRIMARY KEY, b VARCHAR(40))',
    "INSERT INTO shop.t VALUES (1, 'one'), (2, 'zwei – 二')",
  );
});
afterAll(async () => {
  await over[Symbol.asyncDispose]();
  directory[Symbol.dispose]();
});

describe('an application in PHP with mysqli', () => {
  it.each([
    ['without TLS', []],
    ['with TLS', [ca]],
  ])('goes on over a sleep, %s', async (_what, more) => {
    const php = spawn('php', [SCRIPT, String(over.port), ...more], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: php.stdout })[Symbol.asyncIterator]();
    const next = async (): Promise<unknown> => JSON.parse(String((await lines.next()).value));
    const facts = { one: 'one', prepared: 'zwei – 二', database: 'shop', kept: 'seven', charset: 'utf8mb4' };
    const before = await next();
    expect(before).toMatchObject(facts);
    expect(await over.park()).toEqual([]);
    php.stdin.write('\n');
    expect(await next()).toEqual(before);
    expect(await over.park()).toEqual([]);
    php.stdin.end('\n');
    expect(await next()).toEqual(before);
    if (php.exitCode === null) await once(php, 'exit');
    expect(php.exitCode).toBe(0);
  });

  it('connects to what sleeps, and is refused without a wake for a wrong password', async () => {
    expect(await over.park()).toEqual([]);
    const { wakes } = over.host;
    const wrong = spawn('php', [SCRIPT, String(over.port)], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, DB_PASSWORD: 'wrong' },
    });
    const [code] = (await once(wrong, 'exit')) as [number];
    expect([code, over.host.wakes]).toEqual([45, wakes]);
    const right = spawn('php', [SCRIPT, String(over.port)], { stdio: ['pipe', 'pipe', 'inherit'] });
    right.stdin.end('\n\n');
    const [end] = (await once(right, 'exit')) as [number];
    expect([end, over.host.wakes]).toEqual([0, wakes + 1]);
  });
});
