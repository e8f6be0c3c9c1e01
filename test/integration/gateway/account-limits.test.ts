import * as mysql2 from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createSessionSeats, type SessionSeats } from '../../../src/lib/control/session-seats.ts';
import type { Compute } from '../../../src/lib/domain/index.ts';
import { ensureDebian13, type Debian13 } from '../../support/environment/debian-13.ts';
import { startGatewayOverServer, type GatewayOverServer } from '../../support/gateway-over-server.ts';

let debian13: Debian13;
beforeAll(async () => {
  debian13 = await ensureDebian13();
});

const SERVERS = [
  ['10.11', () => ({})],
  ['11.8', () => ({ program: debian13.server })],
] as const;
/** A server that began without one takes none. */
const LIMIT = ['--max-user-connections=3'];
const COMPUTE = { id: 'c1', name: 'shop', project: 'default' } as Compute;

describe.each(SERVERS)('how many connections an account of %s may have', (_line, server) => {
  let over: GatewayOverServer;
  let seats: SessionSeats;

  beforeAll(async () => {
    over = await startGatewayOverServer({ ...server(), serverArguments: LIMIT });
    seats = createSessionSeats(() => null);
    // As the control plane does it.
    over.host.admit = (_computeId, id, account = null) => {
      const accounts = over.host.snapshot;
      seats.take(COMPUTE, id, account === null || accounts === null ? undefined : { account, accounts });
    };
    over.host.leave = (id) => seats.leave(id);
    await over.server.run(
      "CREATE USER own@'%' IDENTIFIED BY 'plain' WITH MAX_USER_CONNECTIONS 2",
      "CREATE USER common@'%' IDENTIFIED BY 'plain'",
      "CREATE USER chief@'%' IDENTIFIED BY 'plain'",
      "CREATE USER bound@'%' IDENTIFIED BY 'plain' WITH MAX_USER_CONNECTIONS 1",
      "GRANT CONNECTION ADMIN ON *.* TO chief@'%', bound@'%'",
    );
    await over.host.refreshAccounts('c1');
  });
  afterAll(() => over[Symbol.asyncDispose]());

  const logIn = (user: string, port = over.port): Promise<mysql2.Connection> =>
    mysql2.createConnection({ host: '127.0.0.1', port, user, password: 'plain' });
  const refusalOf = async (user: string, port?: number): Promise<unknown> => {
    const thrown = await logIn(user, port).then(
      (connection) => connection.end(),
      (error: unknown) => error,
    );
    const { errno, sqlState, message } = thrown as { errno: number; sqlState: string; message: string };
    return { errno, sqlState, message };
  };
  const endAll = (all: readonly mysql2.Connection[]) => Promise.all(all.map((connection) => connection.end()));
  const several = async (user: string, count: number, port?: number): Promise<mysql2.Connection[]> => {
    const all: mysql2.Connection[] = [];
    for (let index = 0; index < count; index += 1) all.push(await logIn(user, port));
    return all;
  };

  it.each([
    ['own', 2, 1226],
    ['common', 3, 1203],
    ['bound', 1, 1226],
  ])('is what the server says, awake, parked and coming back: %s', async (user, limit, errno) => {
    await over.host.wake('c1', AbortSignal.timeout(10_000));
    const direct = await several(user, limit, over.server.port);
    const said = await refusalOf(user, over.server.port);
    expect(said).toMatchObject({ errno, sqlState: '42000' });
    await endAll(direct);

    const all = await several(user, limit);
    expect(await refusalOf(user)).toEqual(said);
    expect(await over.parkSessions()).toEqual([]);
    const { wakes } = over.host;
    expect(await refusalOf(user)).toEqual(said);
    expect(over.host.wakes).toBe(wakes);
    for (const connection of all) expect((await connection.query('SELECT 1 AS x'))[0]).toEqual([{ x: 1 }]);
    await all.pop()?.end();
    await expect
      .poll(() =>
        logIn(user)
          .then((next) => all.push(next))
          .catch(() => 0),
      )
      .toBe(limit);
    await endAll(all);
  });

  it('is any number for one with CONNECTION ADMIN and no limit of its own', async () => {
    const all = await several('chief', 5);
    expect(await over.parkSessions()).toEqual([]);
    all.push(await logIn('chief'));
    expect((await all[0]!.query('SELECT CURRENT_USER() AS u'))[0]).toEqual([{ u: 'chief@%' }]);
    await endAll(all);
  });

  it('is read again where the server runs, for whom it is too few', async () => {
    await over.host.wake('c1', AbortSignal.timeout(10_000));
    const all = await several('own', 2);
    await over.server.run("ALTER USER own@'%' WITH MAX_USER_CONNECTIONS 4");
    all.push(...(await several('own', 2)));
    expect(await refusalOf('own')).toMatchObject({ errno: 1226 });
    await endAll(all);
  });
});
