import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { soon, startRealServer, type RealServer } from './real-server.ts';

let server: RealServer;
beforeAll(async () => {
  server = await startRealServer();
});
afterAll(() => server[Symbol.asyncDispose]());

describe('ending a connection of the server', () => {
  it('ends what it runs, though it is another account’s', async () => {
    await using victim = await server.asOwner();
    await using watcher = await server.asRoot();
    const failure = victim.queryRows('SELECT SLEEP(300)').catch((error: unknown) => error);
    const ids = async (): Promise<unknown[]> =>
      (await watcher.queryRows('SELECT ID AS id FROM information_schema.PROCESSLIST')).map((row) => row['id']);
    expect(await ids()).toContain(victim.id);
    await server.engine.killConnection(server.agent, victim.id, soon());
    expect(await failure).toMatchObject({ code: expect.stringMatching(/^(SQL_FAILED|BACKEND_LOST)$/) });
    while ((await ids()).includes(victim.id)) continue;
    expect(await ids()).not.toContain(victim.id);
  });

  it('is done already for one that has ended', async () => {
    await expect(server.engine.killConnection(server.agent, 4_000_000, soon())).resolves.toBeUndefined();
  });
});
