export interface MysqlAddress {
  readonly user: string;
  readonly password?: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
}

/** `mysql://user:password@host:port/database`, the password only if there is one. */
export function writeMysqlUrl({ user, password, host, port, database }: MysqlAddress): string {
  const secret = password === undefined ? '' : `:${encodeURIComponent(password)}`;
  const place = host.includes(':') ? `[${host}]` : host;
  return `mysql://${encodeURIComponent(user)}${secret}@${place}:${port}/${encodeURIComponent(database)}`;
}

/** Where clients on this machine reach what listens on `host`: all addresses is no address to connect to. */
export function reachableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}
