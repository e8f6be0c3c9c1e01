import type { Connection } from '../../api/client/index.ts';
import { systemCode } from '../../errors/index.ts';
import type { ClientTls } from './client-tls.ts';

/** Clients that may be installed, in order of preference. */
const SQL_CLIENTS = ['mariadb', 'mysql'] as const;

/** Arguments for either client. The password is not among them: every process list would show it. */
export function clientArguments({ host, port, user, database }: Connection): readonly string[] {
  return ['--protocol=tcp', `--host=${host}`, `--port=${port}`, `--user=${user}`, `--database=${database}`];
}

/**
 * Hands the terminal to the first client that is installed.
 * @returns its exit code, or null when none is installed.
 */
export async function runInstalledClient(connection: Connection, tls: ClientTls | null): Promise<number | null> {
  const { execa } = await import('execa');
  await using authority = tls === null ? null : await keepAuthority(tls.authority);
  for (const client of SQL_CLIENTS) {
    const secure = tls === null ? [] : tlsArguments(await isMariaDb(client), authority?.file ?? null);
    const outcome = await execa(client, [...clientArguments(connection), ...secure], {
      stdio: 'inherit',
      env: { MYSQL_PWD: connection.password },
      reject: false,
    });
    if (systemCode(outcome.cause) === 'ENOENT' || systemCode(outcome) === 'ENOENT') continue;
    return outcome.exitCode ?? 1;
  }
  return null;
}

/** What makes the two clients speak TLS, and check whom they speak to. */
export function tlsArguments(isOfMariaDb: boolean, authorityFile: string | null): readonly string[] {
  const authority = authorityFile === null ? [] : [`--ssl-ca=${authorityFile}`];
  if (isOfMariaDb) return ['--ssl', '--ssl-verify-server-cert', ...authority];
  return [`--ssl-mode=${authorityFile === null ? 'VERIFY_IDENTITY' : 'VERIFY_CA'}`, ...authority];
}

/** Many a `mysql` is MariaDB's. */
async function isMariaDb(client: string): Promise<boolean> {
  const { execa } = await import('execa');
  const { failed, stdout } = await execa(client, ['--version'], { reject: false, stdin: 'ignore' });
  return !failed && stdout.includes('MariaDB');
}

/** These clients read files only. */
async function keepAuthority(authority: string | null): Promise<(AsyncDisposable & { readonly file: string }) | null> {
  if (authority === null) return null;
  const { mkdtemp, rm, writeFile } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  const directory = await mkdtemp(`${tmpdir()}/doze-tls-`);
  const file = `${directory}/authority.pem`;
  await writeFile(file, authority, { mode: 0o600 });
  return { file, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) };
}
