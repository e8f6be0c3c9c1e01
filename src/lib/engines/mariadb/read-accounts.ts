import type { Clock } from '../../clock.ts';
import type { Account, AccountSnapshot } from '../../domain/index.ts';
import { connect } from '../../sql/index.ts';
import type { SqlTarget } from '../engine.ts';
import { parsePrivilegeRow, type PrivilegeRow } from './privilege-row.ts';

/** One read of the table that the server itself loads its accounts from. https://mariadb.com/kb/en/mysqlglobal_priv-table/ */
const SQL =
  'SELECT Host AS host, User AS user, CAST(Priv AS CHAR) AS priv,' +
  ' @@GLOBAL.default_password_lifetime AS defaultLifetimeDays, UNIX_TIMESTAMP() AS nowSeconds,' +
  ' @@GLOBAL.max_user_connections AS maxConnectionsEach' +
  ' FROM mysql.global_priv ORDER BY User, Host';

export async function readAccounts(target: SqlTarget, clock: Clock, signal: AbortSignal): Promise<AccountSnapshot> {
  await using connection = await connect(target, { signal });
  const takenAtMs = clock.wallMs();
  const rows = (await connection.queryRows(SQL)) as readonly unknown[] as readonly (PrivilegeRow & {
    readonly maxConnectionsEach: number;
  })[];
  const accounts = rows.map(parsePrivilegeRow).filter((account): account is Account => account !== null);
  // The private account is among them, so there is one.
  return { takenAtMs, accounts, maxConnectionsEach: rows[0]?.maxConnectionsEach ?? 0 };
}
