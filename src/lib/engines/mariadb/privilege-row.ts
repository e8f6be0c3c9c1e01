import type { Account, AuthMethod } from '../../domain/index.ts';

/** A row of `mysql.global_priv`, with what is needed to judge a password's age. */
export interface PrivilegeRow {
  readonly host: string;
  readonly user: string;
  /** JSON. */
  readonly priv: string;
  /** 0: passwords live for ever. */
  readonly defaultLifetimeDays: number;
  readonly nowSeconds: number;
}

/** Of `access`: CONNECTION_ADMIN_ACL, the 33rd right since 10.5. Numbers of JSON are exact that far, and further. */
const CONNECTION_ADMIN = 2 ** 32;

interface Privileges {
  readonly plugin?: string;
  readonly authentication_string?: string;
  readonly auth_or?: readonly Pick<Privileges, 'plugin' | 'authentication_string'>[];
  readonly is_role?: boolean;
  readonly account_locked?: boolean;
  readonly ssl_type?: number;
  readonly access?: number;
  readonly max_user_connections?: number;
  readonly password_last_changed?: number;
  readonly password_lifetime?: number;
}

const SECONDS_PER_DAY = 86_400;

/** Null for a role, which cannot log in. */
export function parsePrivilegeRow(row: PrivilegeRow): Account | null {
  const privileges = JSON.parse(row.priv) as Privileges;
  if (privileges.is_role === true) return null;
  return {
    user: row.user,
    host: row.host,
    methods: methodsOf(privileges),
    isLocked: privileges.account_locked === true,
    isPasswordExpired: isExpired(privileges, row),
    // 0 none, 1 any TLS, 2 a client certificate, 3 a certain one; absent or -1 unspecified.
    requiresTls: (privileges.ssl_type ?? 0) > 0,
    requiresCertificate: (privileges.ssl_type ?? 0) > 1,
    maxConnections: privileges.max_user_connections ?? 0,
    passesLimits: Math.floor((privileges.access ?? 0) / CONNECTION_ADMIN) % 2 === 1,
  };
}

/** With several ways to log in, `auth_or` lists all in order, and `{}` in it stands for the outer one. */
function methodsOf(privileges: Privileges): readonly AuthMethod[] {
  const outer = methodOf(privileges);
  if (privileges.auth_or === undefined) return [outer];
  return privileges.auth_or.map((method) => (method.plugin === undefined ? outer : methodOf(method)));
}

function methodOf(method: Pick<Privileges, 'plugin' | 'authentication_string'>): AuthMethod {
  // Empty means the server's default, as it does for the server itself.
  const plugin = method.plugin === undefined || method.plugin === '' ? 'mysql_native_password' : method.plugin;
  return { plugin, authString: method.authentication_string ?? '' };
}

/** As the server does it: changed at 0 is PASSWORD EXPIRE; a lifetime of -1 is the default one, 0 is never. */
function isExpired(privileges: Privileges, row: PrivilegeRow): boolean {
  const changedSeconds = privileges.password_last_changed;
  if (changedSeconds === 0) return true;
  const ownDays = privileges.password_lifetime ?? -1;
  const days = ownDays < 0 ? row.defaultLifetimeDays : ownDays;
  if (changedSeconds === undefined || days === 0) return false;
  return row.nowSeconds >= changedSeconds + days * SECONDS_PER_DAY;
}
