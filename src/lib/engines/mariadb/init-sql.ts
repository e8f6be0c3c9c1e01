import { AGENT_USER } from '../../domain/index.ts';
import { DozeError } from '../../errors/index.ts';
import type { Credentials } from '../engine.ts';
import { hashNativePassword } from './native-password.ts';

/**
 * Everything a person developing expects, so all but SUPER, FILE, SHUTDOWN and replication. Kept to names
 * that 10.6 knows. It is no wall between the owner and the server's own tables (a global UPDATE reaches
 * those too): what separates computes from each other and from the host is the driver.
 */
const OWNER_PRIVILEGES = [
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'CREATE',
  'DROP',
  'REFERENCES',
  'INDEX',
  'ALTER',
  'DELETE HISTORY',
  'CREATE TEMPORARY TABLES',
  'LOCK TABLES',
  'CREATE VIEW',
  'SHOW VIEW',
  'CREATE ROUTINE',
  'ALTER ROUTINE',
  'EXECUTE',
  'EVENT',
  'TRIGGER',
  'SHOW DATABASES',
  'CREATE USER',
  'PROCESS',
  'RELOAD',
  'SET USER',
  // KILL of other users' queries, since 10.5.
  'CONNECTION ADMIN',
] as const;

/**
 * SHUTDOWN and PROCESS for the control plane, CONNECTION ADMIN for a login when all connections are taken, SUPER for the
 * buffer pool's size, which nothing less may set.
 */
const AGENT_PRIVILEGES = ['SHUTDOWN', 'PROCESS', 'RELOAD', 'CONNECTION ADMIN', 'SUPER'] as const;

/**
 * `%` as host, because only the gateway reaches the server and its address differs by driver. Accounts of people
 * are made only if they are missing, so that a second run undoes no change of theirs; the private account
 * is always put right, so that a second run also is the cure when it was dropped or changed.
 */
export function initSql(credentials: Credentials): string {
  const owner = accountName(credentials.user);
  requireOwnName(credentials.user);
  return (
    lines([
      `CREATE DATABASE IF NOT EXISTS ${quote(credentials.database)} CHARACTER SET utf8mb4`,
      `CREATE USER IF NOT EXISTS ${owner} ${identified(credentials.userPassword)}`,
      `GRANT ${OWNER_PRIVILEGES.join(', ')} ON *.* TO ${owner} WITH GRANT OPTION`,
    ]) + initSqlOfSpare(credentials)
  );
}

/** The part that has nothing to do with who owns it. */
export function initSqlOfSpare(credentials: Pick<Credentials, 'rootPassword' | 'agentPassword'>): string {
  const root = accountName('root');
  const agent = accountName(AGENT_USER);
  return lines([
    `CREATE USER IF NOT EXISTS ${root} ${identified(credentials.rootPassword)}`,
    `GRANT ALL PRIVILEGES ON *.* TO ${root} WITH GRANT OPTION`,
    `CREATE USER IF NOT EXISTS ${agent} ${identified(credentials.agentPassword)}`,
    `ALTER USER ${agent} ${identified(credentials.agentPassword)} REQUIRE NONE PASSWORD EXPIRE NEVER ACCOUNT UNLOCK`,
    `GRANT ${AGENT_PRIVILEGES.join(', ')} ON *.* TO ${agent}`,
    `GRANT SELECT ON mysql.global_priv TO ${agent}`,
  ]);
}

/** What `initSql` leaves as it is in accounts that are there is made to be this compute's own. */
export function initSqlOfCopy(credentials: Credentials): string {
  return (
    initSql(credentials) +
    lines([
      `ALTER USER ${accountName('root')} ${identified(credentials.rootPassword)}`,
      `ALTER USER ${accountName(credentials.user)} ${identified(credentials.userPassword)}`,
    ])
  );
}

function requireOwnName(user: string): void {
  if (user !== 'root' && user !== AGENT_USER && user !== '') return;
  throw new DozeError('VALUE_INVALID', `"${user}" cannot be the owner of a compute`, {
    hint: 'choose another user name; root exists beside it',
  });
}

function accountName(user: string): string {
  return `${quote(user)}@${quote('%')}`;
}

function identified(password: string): string {
  return `IDENTIFIED VIA mysql_native_password USING '${hashNativePassword(password)}'`;
}

function quote(name: string): string {
  // The server reads its init file line by line: a line break in a name would end the statement.
  if (/[\0-\x1f]/.test(name)) {
    throw new DozeError('VALUE_INVALID', `${JSON.stringify(name)} cannot be a name in the server`, {
      hint: 'leave out control characters',
    });
  }
  return `\`${name.replaceAll('`', '``')}\``;
}

function lines(statements: readonly string[]): string {
  return `${statements.join(';\n')};\n`;
}
