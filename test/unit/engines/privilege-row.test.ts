import { describe, expect, it } from 'vitest';

import { parsePrivilegeRow, type PrivilegeRow } from '../../../src/lib/engines/mariadb/privilege-row.ts';

const NOW_SECONDS = 1_800_000_000;
const DAY_SECONDS = 86_400;
const HASH = '*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19';

function row(priv: object, changes: Partial<PrivilegeRow> = {}): PrivilegeRow {
  return {
    host: '%',
    user: 'ann',
    priv: JSON.stringify(priv),
    defaultLifetimeDays: 0,
    nowSeconds: NOW_SECONDS,
    ...changes,
  };
}

const native = { access: 0, plugin: 'mysql_native_password', authentication_string: HASH };

describe('a row of mysql.global_priv', () => {
  it('is an account with its hash', () => {
    expect(parsePrivilegeRow(row({ ...native, password_last_changed: NOW_SECONDS }))).toEqual({
      user: 'ann',
      host: '%',
      methods: [{ plugin: 'mysql_native_password', authString: HASH }],
      isLocked: false,
      isPasswordExpired: false,
      requiresTls: false,
      requiresCertificate: false,
      maxConnections: 0,
      passesLimits: false,
    });
  });

  it('is no account when it is a role', () => {
    expect(parsePrivilegeRow(row({ access: 0, is_role: true }))).toBeNull();
  });

  it('without a plugin logs in by the default one and no password', () => {
    expect(parsePrivilegeRow(row({ access: 0 }))?.methods).toEqual([
      { plugin: 'mysql_native_password', authString: '' },
    ]);
  });

  it('lists several plugins in the order of the server, where {} is the outer one', () => {
    const account = parsePrivilegeRow(
      row({ ...native, auth_or: [{ plugin: 'ed25519', authentication_string: 'x' }, {}] }),
    );
    expect(account?.methods).toEqual([
      { plugin: 'ed25519', authString: 'x' },
      { plugin: 'mysql_native_password', authString: HASH },
    ]);
  });

  it('knows a locked account', () => {
    expect(parsePrivilegeRow(row({ ...native, account_locked: true }))?.isLocked).toBe(true);
  });

  it.each([
    [-1, false],
    [0, false],
    [1, true],
    [2, true],
    [3, true],
  ])('with ssl_type %i demands TLS: %s', (sslType, expected) => {
    expect(parsePrivilegeRow(row({ ...native, ssl_type: sslType }))?.requiresTls).toBe(expected);
    const isOfClient = sslType > 1;
    expect(parsePrivilegeRow(row({ ...native, ssl_type: sslType }))?.requiresCertificate).toBe(isOfClient);
  });

  const changedSeconds = NOW_SECONDS - 10 * DAY_SECONDS;
  it.each([
    ['expired by hand', { password_last_changed: 0 }, 0, true],
    ['older than its own lifetime', { password_last_changed: changedSeconds, password_lifetime: 10 }, 0, true],
    ['younger than its own lifetime', { password_last_changed: changedSeconds, password_lifetime: 11 }, 5, false],
    ['that never expires', { password_last_changed: changedSeconds, password_lifetime: 0 }, 5, false],
    ['older than the default lifetime', { password_last_changed: changedSeconds, password_lifetime: -1 }, 5, true],
    ['without a lifetime anywhere', { password_last_changed: changedSeconds }, 0, false],
    ['whose change is not known', {}, 5, false],
  ])('judges a password %s', (_, privileges, defaultLifetimeDays, expected) => {
    const account = parsePrivilegeRow(row({ ...native, ...privileges }, { defaultLifetimeDays }));
    expect(account?.isPasswordExpired).toBe(expected);
  });

  it.each([
    ['absent', {}, 0, false],
    ['a limit', { max_user_connections: 3 }, 3, false],
    ['none at all', { max_user_connections: -1 }, -1, false],
    ['CONNECTION ADMIN', { access: 2 ** 32 }, 0, true],
    ['every right', { access: 1_099_511_627_775 }, 0, true],
    ['every other right', { access: 1_099_511_627_775 - 2 ** 32 }, 0, false],
  ])('tells how many connections it may have: %s', (_what, json, maxConnections, passesLimits) => {
    expect(parsePrivilegeRow(row({ ...native, ...json }))).toMatchObject({ maxConnections, passesLimits });
  });
});
