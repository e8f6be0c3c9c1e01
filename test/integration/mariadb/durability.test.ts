import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { soon, startRealServer, type RealServer } from './real-server.ts';

let server: RealServer;
beforeAll(async () => {
  server = await startRealServer();
});
afterAll(() => server[Symbol.asyncDispose]());

async function variable(name: string): Promise<string> {
  await using root = await server.asRoot();
  const [row] = await root.queryRows(`SHOW GLOBAL VARIABLES LIKE '${name}'`);
  return String(row?.['Value']);
}

describe('a server with our arguments', () => {
  it.each([
    ['innodb_flush_log_at_trx_commit', '1'],
    ['innodb_doublewrite', 'ON'],
    ['log_bin', 'OFF'],
    ['performance_schema', 'OFF'],
    ['character_set_server', 'utf8mb4'],
    ['wait_timeout', '31536000'],
    ['have_symlink', 'DISABLED'],
    ['socket', ''],
    ['bind_address', '127.0.0.1'],
    ['skip_name_resolve', 'ON'],
  ])('has %s = %j', async (name, value) => {
    expect(await variable(name)).toBe(value);
  });

  it('needs no recovery after a suspend, and takes the template as it is', async () => {
    const context = { signal: soon(), onProgress: () => undefined };
    expect(await server.driver.suspend('c1', 'parked', context)).toMatchObject({ isClean: true });
    await server.driver.start(server.spec, context);
    await server.engine.awaitReady(server.agent, soon());
    const lines: string[] = [];
    for await (const line of server.driver.logs('c1', { tail: 1000, follow: false }, soon())) lines.push(line);
    expect(lines.filter((line) => /crash recovery|Resizing redo log|\[ERROR\]/.test(line))).toEqual([]);
    expect(lines.filter((line) => line.includes('ready for connections'))).toHaveLength(2);
  });
});
