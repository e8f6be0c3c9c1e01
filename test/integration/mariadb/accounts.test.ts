import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Account } from '../../../src/lib/domain/index.ts';
import { hashNativePassword } from '../../../src/lib/engines/mariadb/native-password.ts';
import { soon, startRealServer, type RealServer } from './real-server.ts';

let server: RealServer;
beforeAll(async () => {
  server = await startRealServer();
});
afterAll(() => server[Symbol.asyncDispose]());

async function readAccount(user: string): Promise<Account | undefined> {
  const { accounts } = await server.engine.readAccounts(server.agent, soon());
  return accounts.find((account) => account.user === user);
}

describe('the accounts of a fresh compute', () => {
  it('are root, the owner and the private one, all with the hash of their password', async () => {
    const { accounts } = await server.engine.readAccounts(server.agent, soon());
    const open = accounts.filter(({ isLocked }) => !isLocked);
    expect(open.map(({ user, host }) => `${user}@${host}`)).toEqual(['doze_agent@%', 'owner@%', 'root@%']);
    expect(open.flatMap(({ methods }) => methods)).toEqual(
      ['agent-1', 'owner-1', 'root-1'].map((password) => ({
        plugin: 'mysql_native_password',
        authString: hashNativePassword(password),
      })),
    );
  });

  it('let nobody in without the password', async () => {
    await expect(server.as('owner', 'wrong')).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    await expect(server.as('', '')).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    await expect(server.as('root', '')).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  });

  it('do not come with a test database', async () => {
    await using root = await server.asRoot();
    expect((await root.queryRows('SHOW DATABASES')).map((row) => row['Database'])).toEqual([
      'information_schema',
      'mysql',
      'performance_schema',
      'shop',
      'sys',
    ]);
  });
});

describe('accounts made by SQL', () => {
  it('are read with the plugins they log in by, in order', async () => {
    await using root = await server.asRoot();
    await root.queryRows(
      "CREATE USER two@'10.0.%' IDENTIFIED VIA mysql_native_password USING PASSWORD('x') OR unix_socket",
    );
    expect(await readAccount('two')).toEqual({
      user: 'two',
      host: '10.0.%',
      methods: [
        { plugin: 'mysql_native_password', authString: hashNativePassword('x') },
        { plugin: 'unix_socket', authString: '' },
      ],
      isLocked: false,
      isPasswordExpired: false,
      requiresTls: false,
      requiresCertificate: false,
      maxConnections: 0,
      passesLimits: false,
    });
  });

  it('are read without a password as without one', async () => {
    await using root = await server.asRoot();
    await root.queryRows("CREATE USER nopass@'%'");
    expect((await readAccount('nopass'))?.methods).toEqual([{ plugin: 'mysql_native_password', authString: '' }]);
  });

  it.each([
    ['locked', 'ACCOUNT LOCK', { isLocked: true }],
    ['expired', 'PASSWORD EXPIRE', { isPasswordExpired: true }],
    ['neverexpires', 'PASSWORD EXPIRE NEVER', { isPasswordExpired: false }],
    ['fresh', 'PASSWORD EXPIRE INTERVAL 3 DAY', { isPasswordExpired: false }],
    ['tls', 'REQUIRE SSL', { requiresTls: true }],
    ['x509', 'REQUIRE X509', { requiresTls: true, requiresCertificate: true }],
    ['subject', "REQUIRE SUBJECT '/CN=ann'", { requiresTls: true, requiresCertificate: true }],
  ])('are read %s when they are %s', async (user, option, expected) => {
    await using root = await server.asRoot();
    await root.queryRows(`CREATE USER ${user}@'%' IDENTIFIED BY 'x' ${option}`);
    expect(await readAccount(user)).toMatchObject(expected);
  });

  it('are as old as the server says', async () => {
    await using root = await server.asRoot();
    await root.queryRows("CREATE USER aged@'%' IDENTIFIED BY 'x' PASSWORD EXPIRE INTERVAL 3 DAY");
    await root.queryRows(
      "UPDATE mysql.global_priv SET Priv = JSON_SET(Priv, '$.password_last_changed', UNIX_TIMESTAMP() - 4 * 86400) WHERE User = 'aged'",
    );
    expect(await readAccount('aged')).toMatchObject({ isPasswordExpired: true });
  });

  it('are not roles', async () => {
    await using root = await server.asRoot();
    await root.queryRows('CREATE ROLE reader');
    expect(await readAccount('reader')).toBeUndefined();
  });
});
